#include "server/ledger/proof/statement.h"
#include "server/ledger/state/money.h"
#include "server/ledger/state/parties.h"
#include "server/ledger/state/rules.h"

namespace giot::ledger {
namespace {

v1::Code CheckRegistration(const Call& call, const v1::RegisterOperator& registration) {
  const PublicKey checkpoint_key = Bytes32(registration.checkpoint_key());
  const Parameters parameters = ParametersOf(call.state);
  if (KeyOf(call.signer(), call.state)) return v1::CODE_NOT_AUTHORIZED;
  // Slashed money goes to the treasury, which must not be who is slashed.
  if (call.signer() == parameters.treasury || checkpoint_key == call.signer() || !IsFresh(checkpoint_key, call.state)) {
    return v1::CODE_KEY_IN_USE;
  }
  if (call.now_us > registration.approve_by_us()) return v1::CODE_TOO_LATE;
  if (!AuditorsApprove(registration.approvals(), std::nullopt, call.state)) return v1::CODE_NOT_ENOUGH_APPROVALS;
  if (registration.bond_micros() < parameters.min_bond) return v1::CODE_INSUFFICIENT_BOND;
  const bool enough = AccountOf(call.signer(), call.state).balance >= registration.bond_micros();
  return enough ? v1::CODE_OK : v1::CODE_INSUFFICIENT_BALANCE;
}

v1::Code CheckRotation(const Call& call, const v1::RotateKey& rotation, const std::optional<KeyEntry>& entry) {
  const PublicKey old_key = Bytes32(rotation.old_key());
  const PublicKey new_key = Bytes32(rotation.new_key());
  if (!entry || entry->role != rotation.role()) return v1::CODE_NOT_AUTHORIZED;
  if (entry->revoked) return v1::CODE_KEY_REVOKED;
  if (!IsFresh(new_key, call.state)) return v1::CODE_KEY_IN_USE;
  Signature possession{};
  FromBytes(rotation.new_key_possession(), possession);
  const std::string statement = PossessionStatement(call.transaction.body.chain_id(), rotation.role(), entry->account);
  if (!Verify(new_key, statement, possession)) return v1::CODE_BAD_INNER_SIGNATURE;
  if (call.signer() == old_key) return v1::CODE_OK;
  if (call.now_us > rotation.approve_by_us()) return v1::CODE_TOO_LATE;
  return AuditorsApprove(rotation.approvals(), old_key, call.state) ? v1::CODE_OK : v1::CODE_NOT_ENOUGH_APPROVALS;
}

// Where the key that has the entry is named.
void Rename(const KeyEntry& entry, const PublicKey& new_key, StateStore& state) {
  if (entry.role == v1::KEY_ROLE_OPERATOR || entry.role == v1::KEY_ROLE_CHECKPOINT) {
    OperatorEntry served = *state.Get<OperatorEntry>(OperatorKey(entry.account));
    (entry.role == v1::KEY_ROLE_OPERATOR ? served.key : served.checkpoint_key) = new_key;
    state.Put(OperatorKey(entry.account), served);
    return;
  }
  Parameters parameters = ParametersOf(state);
  (entry.role == v1::KEY_ROLE_MINT ? parameters.mint : parameters.auditors[entry.account[0]]) = new_key;
  state.Put(ParametersKey(), parameters);
}

}  // namespace

v1::Code ApplyRegisterOperator(const Call& call, const v1::RegisterOperator& registration, bool dry) {
  const v1::Code code = CheckRegistration(call, registration);
  if (code != v1::CODE_OK || dry) return code;
  const Account& account = call.signer();
  const OperatorEntry entry{
      .key = account, .checkpoint_key = Bytes32(registration.checkpoint_key()), .bond = registration.bond_micros()};
  Move(Purse::kBalance, Purse::kBond, entry.bond, call.state);
  Debit(account, entry.bond, call.state);
  call.state.Put(OperatorKey(account), entry);
  call.state.Put(KeyKey(account), KeyEntry{.role = v1::KEY_ROLE_OPERATOR, .account = account});
  call.state.Put(KeyKey(entry.checkpoint_key), KeyEntry{.role = v1::KEY_ROLE_CHECKPOINT, .account = account});
  return v1::CODE_OK;
}

v1::Code ApplyTopUpBond(const Call& call, const v1::TopUpBond& top_up, bool dry) {
  const std::optional<Account> account = OperatorOf(call.signer(), call.state);
  if (!account) return v1::CODE_NOT_AUTHORIZED;
  OperatorEntry entry = *call.state.Get<OperatorEntry>(OperatorKey(*account));
  if (entry.status == OperatorStatus::kSlashed) return v1::CODE_ALREADY_SLASHED;
  const std::int64_t amount = top_up.amount_micros();
  if (AccountOf(*account, call.state).balance < amount) return v1::CODE_INSUFFICIENT_BALANCE;
  if (dry) return v1::CODE_OK;
  Move(Purse::kBalance, Purse::kBond, amount, call.state);
  Debit(*account, amount, call.state);
  entry.bond += amount;
  call.state.Put(OperatorKey(*account), entry);
  return v1::CODE_OK;
}

v1::Code ApplyRotateKey(const Call& call, const v1::RotateKey& rotation, bool dry) {
  const PublicKey old_key = Bytes32(rotation.old_key());
  const PublicKey new_key = Bytes32(rotation.new_key());
  const std::optional<KeyEntry> entry = KeyOf(old_key, call.state);
  const v1::Code code = CheckRotation(call, rotation, entry);
  if (code != v1::CODE_OK || dry) return code;
  KeyEntry revoked = *entry;
  revoked.revoked = true;
  call.state.Put(KeyKey(new_key), *entry);
  call.state.Put(KeyKey(old_key), revoked);
  Rename(*entry, new_key, call.state);
  return v1::CODE_OK;
}

}  // namespace giot::ledger
