#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "server/ledger/state/state_store.h"

namespace giot::ledger {

inline constexpr std::int64_t kMostMintedMicros = std::int64_t{1} << 62;

// Where money lies, by the total of the chain entry that counts it.
enum class Purse { kBalance, kEscrow, kReserve, kDeposit, kBond };

// Moves the chain entry's totals by `amount` >= 0; the caller moves the entries' own amounts.
void Move(Purse from, Purse to, std::int64_t amount, StateStore& state);

// The account; as it begins if it is not there.
AccountEntry AccountOf(const Account& account, const StateStore& state);
// Adds to an account's balance. Of nothing, changes nothing.
void Credit(const Account& account, std::int64_t amount, StateStore& state);
// Takes from an account's balance, which must have as much.
void Debit(const Account& account, std::int64_t amount, StateStore& state);

// Whether balances + escrow + reserves + deposits + bonds = minted - withdrawn, none negative.
bool Conserved(const Chain& chain);

}  // namespace giot::ledger
