#include "server/ledger/state/money.h"

#include <cstdlib>

namespace giot::ledger {
namespace {

std::int64_t& TotalOf(Purse purse, Chain& chain) {
  switch (purse) {
    case Purse::kBalance:
      return chain.balances;
    case Purse::kEscrow:
      return chain.escrow;
    case Purse::kReserve:
      return chain.reserves;
    case Purse::kDeposit:
      return chain.deposits;
    case Purse::kBond:
      return chain.bonds;
  }
  std::abort();
}

}  // namespace

void Move(Purse from, Purse to, std::int64_t amount, StateStore& state) {
  if (amount == 0) return;
  Chain chain = *state.Get<Chain>(ChainKey());
  TotalOf(from, chain) -= amount;
  TotalOf(to, chain) += amount;
  state.Put(ChainKey(), chain);
}

AccountEntry AccountOf(const Account& account, const StateStore& state) {
  return state.Get<AccountEntry>(AccountKey(account)).value_or(AccountEntry{});
}

void Credit(const Account& account, std::int64_t amount, StateStore& state) {
  if (amount == 0) return;
  AccountEntry entry = AccountOf(account, state);
  entry.balance += amount;
  state.Put(AccountKey(account), entry);
}

void Debit(const Account& account, std::int64_t amount, StateStore& state) {
  AccountEntry entry = AccountOf(account, state);
  if (entry.balance < amount) std::abort();  // The rules have compared them.
  entry.balance -= amount;
  state.Put(AccountKey(account), entry);
}

bool Conserved(const Chain& chain) {
  std::int64_t sum = 0;
  for (const std::int64_t total : {chain.balances, chain.escrow, chain.reserves, chain.deposits, chain.bonds}) {
    if (total < 0 || total > kMostMintedMicros - sum) return false;
    sum += total;
  }
  return chain.withdrawn >= 0 && chain.minted <= kMostMintedMicros && sum == chain.minted - chain.withdrawn;
}

}  // namespace giot::ledger
