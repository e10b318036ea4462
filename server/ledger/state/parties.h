#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "giot/ledger/v1/ledger.pb.h"
#include "server/ledger/state/state_store.h"

namespace giot::ledger {

// Who a key stands for, as the rules ask.

// The 32 bytes of a field that has been checked to have them.
Digest Bytes32(const std::string& field);

std::optional<KeyEntry> KeyOf(const PublicKey& key, const StateStore& state);
// The account of the operator that the key signs for, if it is an operator's present key.
std::optional<Account> OperatorOf(const PublicKey& key, const StateStore& state);
// The account whose money the key moves: its own (a vehicle's or depositor's) or its operator's; none
// for revoked keys and those of checkpoints, auditors and the mint.
std::optional<Account> OwnerOf(const PublicKey& key, const StateStore& state);
// The index of the auditor, if the key is an auditor's present one.
std::optional<int> AuditorOf(const PublicKey& key, const StateStore& state);

// Whether the key can be given a role without locking up money: it has none and had none, no account
// is its own, and it is not the treasury's.
bool IsFresh(const PublicKey& key, const StateStore& state);

// Whether a threshold of auditors other than `excluded` are among those that signed.
bool AuditorsApprove(const google::protobuf::RepeatedPtrField<v1::KeySignature>& approvals,
                     const std::optional<PublicKey>& excluded, const StateStore& state);

inline Parameters ParametersOf(const StateStore& state) { return *state.Get<Parameters>(ParametersKey()); }

}  // namespace giot::ledger
