#include "server/ledger/state/parties.h"

#include <cstdlib>

namespace giot::ledger {

Digest Bytes32(const std::string& field) {
  Digest bytes;
  if (!FromBytes(field, bytes)) std::abort();
  return bytes;
}

std::optional<KeyEntry> KeyOf(const PublicKey& key, const StateStore& state) {
  return state.Get<KeyEntry>(KeyKey(key));
}

std::optional<Account> OperatorOf(const PublicKey& key, const StateStore& state) {
  const std::optional<KeyEntry> entry = KeyOf(key, state);
  if (!entry || entry->revoked || entry->role != v1::KEY_ROLE_OPERATOR) return std::nullopt;
  return entry->account;
}

std::optional<Account> OwnerOf(const PublicKey& key, const StateStore& state) {
  return KeyOf(key, state) ? OperatorOf(key, state) : key;
}

std::optional<int> AuditorOf(const PublicKey& key, const StateStore& state) {
  const std::optional<KeyEntry> entry = KeyOf(key, state);
  if (!entry || entry->revoked || entry->role != v1::KEY_ROLE_AUDITOR) return std::nullopt;
  return entry->account[0];
}

bool IsFresh(const PublicKey& key, const StateStore& state) {
  return !KeyOf(key, state) && state.Find(AccountKey(key)) == nullptr && key != ParametersOf(state).treasury;
}

bool AuditorsApprove(const google::protobuf::RepeatedPtrField<v1::KeySignature>& approvals,
                     const std::optional<PublicKey>& excluded, const StateStore& state) {
  int count = 0;
  for (const v1::KeySignature& approval : approvals) {
    const PublicKey key = Bytes32(approval.key());
    if (key != excluded && AuditorOf(key, state)) ++count;
  }
  return count >= ParametersOf(state).threshold;
}

}  // namespace giot::ledger
