#include <utility>

#include "server/ledger/proof/evidence.h"
#include "server/ledger/state/money.h"
#include "server/ledger/state/parties.h"
#include "server/ledger/state/rules.h"

namespace giot::ledger {
namespace {

// A rotated key's signatures count too: a rotation makes no contradiction undone.
bool IsSignersOf(const v1::Evidence& evidence, const Account& account, const StateStore& state) {
  const std::optional<KeyEntry> entry = KeyOf(EvidenceSigner(evidence), state);
  const v1::KeyRole role =
      evidence.kind() == v1::EVIDENCE_KIND_CHECKPOINTS ? v1::KEY_ROLE_CHECKPOINT : v1::KEY_ROLE_OPERATOR;
  return entry && entry->role == role && entry->account == account;
}

}  // namespace

v1::Code ApplyEvidence(const Call& call, const v1::Evidence& evidence, bool dry) {
  const Account account = Bytes32(evidence.operator_account());
  std::optional<OperatorEntry> entry = call.state.Get<OperatorEntry>(OperatorKey(account));
  if (!entry) return v1::CODE_UNKNOWN_OPERATOR;
  if (entry->status == OperatorStatus::kSlashed) return v1::CODE_ALREADY_SLASHED;
  if (!IsSignersOf(evidence, account, call.state)) return v1::CODE_NOT_AUTHORIZED;
  if (dry) return v1::CODE_OK;
  const std::int64_t bond = std::exchange(entry->bond, 0);
  entry->status = OperatorStatus::kSlashed;
  call.state.Put(OperatorKey(account), *entry);
  Move(Purse::kBond, Purse::kBalance, bond, call.state);
  Credit(ParametersOf(call.state).treasury, bond, call.state);
  return v1::CODE_OK;
}

}  // namespace giot::ledger
