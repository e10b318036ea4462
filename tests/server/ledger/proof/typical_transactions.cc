#include "tests/server/ledger/proof/typical_transactions.h"

#include <algorithm>
#include <cstdlib>

#include "server/ledger/proof/statement.h"
#include "server/ledger/proof/transaction.h"

namespace giot::ledger {
namespace {

constexpr std::int64_t kNow = 1'700'000'000'000'000;
constexpr std::int64_t kHour = 3'600'000'000;

std::string Bytes(const Signature& signature) { return std::string(BytesOf(signature)); }

v1::Body From(std::uint8_t signer) {
  v1::Body body;
  body.set_chain_id(std::string(kChain));
  body.set_signer(PublicKeyOf(signer));
  body.set_nonce(std::string(kNonceBytes, '\x5a'));
  body.set_expires_us(kNow);
  return body;
}

v1::Body GenesisBody() {
  v1::Body body = From(kMint);
  v1::Genesis& genesis = *body.mutable_genesis();
  genesis.set_time_us(kNow);
  genesis.set_treasury(PublicKeyOf(kTreasury));
  for (std::uint8_t i = 0; i < 3; ++i) genesis.add_auditors(PublicKeyOf(static_cast<std::uint8_t>(kFirstAuditor + i)));
  genesis.set_auditor_threshold(2);
  genesis.set_min_bond_micros(1'000'000);
  genesis.set_penalty_micros(100'000);
  genesis.set_availability_grace_us(kHour);
  genesis.set_dispute_window_us(kHour);
  genesis.set_vote_window_us(kHour);
  genesis.set_evidence_window_us(kHour);
  genesis.set_max_task_us(24 * kHour);
  return body;
}

v1::Body DepositBody() {
  v1::Body body = From(kMint);
  body.mutable_deposit()->set_account(PublicKeyOf(kVehicle));
  body.mutable_deposit()->set_amount_micros(5'000'000);
  body.mutable_deposit()->set_reference("invoice 17");
  return body;
}

v1::Body WithdrawBody() {
  v1::Body body = From(kOperator);
  body.mutable_withdraw()->set_amount_micros(5);
  body.mutable_withdraw()->set_from_bond(true);
  body.mutable_withdraw()->set_reference("bank 3");
  return body;
}

v1::Body RegisterOperatorBody() {
  v1::Body body = From(kOperator);
  v1::RegisterOperator& registration = *body.mutable_register_operator();
  const PublicKey signer = KeyOf(kOperator).public_key();
  registration.set_checkpoint_key(PublicKeyOf(kCheckpoint));
  registration.set_checkpoint_possession(
      Bytes(KeyOf(kCheckpoint).Sign(PossessionStatement(kChain, v1::KEY_ROLE_CHECKPOINT, signer))));
  registration.set_bond_micros(2'000'000);
  registration.set_approve_by_us(kNow + kHour);
  AddAuditors(ApprovalStatement(kChain, signer, registration), *registration.mutable_approvals());
  return body;
}

v1::Body TopUpBondBody() {
  v1::Body body = From(kOperator);
  body.mutable_top_up_bond()->set_amount_micros(7);
  return body;
}

v1::Body RotateKeyBody() {
  v1::Body body = From(kVehicle);
  v1::RotateKey& rotation = *body.mutable_rotate_key();
  rotation.set_role(v1::KEY_ROLE_OPERATOR);
  rotation.set_old_key(PublicKeyOf(kOperator));
  rotation.set_new_key(PublicKeyOf(kNewKey));
  rotation.set_new_key_possession(
      Bytes(KeyOf(kNewKey).Sign(PossessionStatement(kChain, v1::KEY_ROLE_OPERATOR, KeyOf(kOperator).public_key()))));
  rotation.set_approve_by_us(kNow + kHour);
  AddAuditors(ApprovalStatement(kChain, rotation), *rotation.mutable_approvals());
  return body;
}

v1::Body PublishTaskBody() {
  v1::Body body = From(kOperator);
  v1::PublishTask& task = *body.mutable_publish_task();
  for (const std::int32_t quality : {200'000, 700'000}) {
    v1::Item& item = *task.add_menu();
    item.set_quality_micros(quality);
    item.set_reward_micros(quality);
    item.set_update_rate_micros(500'000);
  }
  task.set_slots(3);
  task.set_accept_by_us(kNow + kHour);
  task.set_submit_by_us(kNow + 2 * kHour);
  task.set_score_by_us(kNow + 4 * kHour);
  task.set_deposit_micros(10);
  task.set_delta_micros(20'000);
  task.set_allowance_micros(10'000);
  task.set_min_reputation_micros(100'000);
  task.set_scorer_digest(DigestBytes(0xa1));
  task.set_nonce_commitment(DigestBytes(0xa2));
  task.set_description_digest(DigestBytes(0xa3));
  return body;
}

v1::Body AcceptBody() {
  v1::Body body = From(kVehicle);
  body.mutable_accept()->set_task(DigestBytes(0xb1));
  body.mutable_accept()->set_item(1);
  body.mutable_accept()->set_menu_digest(DigestBytes(0xb2));
  return body;
}

v1::Body SubmitBody() {
  v1::Body body = From(kVehicle);
  v1::Submit& submit = *body.mutable_submit();
  const v1::SignedReceipt receipt =
      ReceiptBy(KeyOf(kOperator), DigestOf(0xb1), KeyOf(kVehicle).public_key(), DigestOf(0xb3), kNow);
  submit.set_task(receipt.task());
  submit.set_data_digest(receipt.data_digest());
  *submit.mutable_receipt() = receipt.receipt();
  return body;
}

v1::Body ScoreBody() {
  v1::Body body = From(kOperator);
  v1::Score& score = *body.mutable_score();
  score.set_task(DigestBytes(0xb1));
  score.set_vehicle(PublicKeyOf(kVehicle));
  score.set_payable_micros(650'000);
  score.set_nonce(DigestBytes(0xb4));
  score.set_evidence_digest(DigestBytes(0xb5));
  return body;
}

v1::Body DisputeBody() {
  v1::Body body = From(kVehicle);
  body.mutable_dispute()->set_task(DigestBytes(0xb1));
  return body;
}

v1::Body ResolveBody() {
  v1::Body body = From(kFirstAuditor);
  body.mutable_resolve()->set_task(DigestBytes(0xb1));
  body.mutable_resolve()->set_vehicle(PublicKeyOf(kVehicle));
  body.mutable_resolve()->set_payable_micros(710'000);
  return body;
}

v1::Body SettleBody() {
  v1::Body body = From(kVehicle);
  body.mutable_settle()->set_task(DigestBytes(0xb1));
  body.mutable_settle()->set_vehicle(PublicKeyOf(kVehicle));
  return body;
}

v1::Body EvidenceBody() {
  v1::Body body = From(kVehicle);
  v1::Evidence& evidence = *body.mutable_evidence();
  const PublicKey vehicle = KeyOf(kVehicle).public_key();
  evidence.set_kind(v1::EVIDENCE_KIND_RECEIPTS);
  evidence.set_operator_account(PublicKeyOf(kOperator));
  evidence.set_first(CanonicalBytes(ReceiptBy(KeyOf(kOperator), DigestOf(0xb1), vehicle, DigestOf(0xb3), kNow)));
  evidence.set_second(CanonicalBytes(ReceiptBy(KeyOf(kOperator), DigestOf(0xb1), vehicle, DigestOf(0xb6), kNow)));
  return body;
}

}  // namespace

SecretKey KeyOf(std::uint8_t seed) {
  Seed bytes;
  bytes.fill(seed);
  return SecretKey(bytes);
}

std::string PublicKeyOf(std::uint8_t seed) { return std::string(BytesOf(KeyOf(seed).public_key())); }

Digest DigestOf(std::uint8_t byte) {
  Digest digest;
  digest.fill(byte);
  return digest;
}

std::string DigestBytes(std::uint8_t byte) { return std::string(BytesOf(DigestOf(byte))); }

void AddAuditors(const std::string& statement, google::protobuf::RepeatedPtrField<v1::KeySignature>& list) {
  for (std::uint8_t i = 0; i < 3; ++i) {
    const SecretKey key = KeyOf(static_cast<std::uint8_t>(kFirstAuditor + i));
    v1::KeySignature& signature = *list.Add();
    signature.set_key(std::string(BytesOf(key.public_key())));
    signature.set_signature(Bytes(key.Sign(statement)));
  }
  std::sort(list.begin(), list.end(),
            [](const v1::KeySignature& a, const v1::KeySignature& b) { return a.key() < b.key(); });
}

v1::SignedReceipt ReceiptBy(const SecretKey& key, const Digest& task, const PublicKey& vehicle, const Digest& data,
                            std::int64_t received_us) {
  v1::SignedReceipt receipt;
  receipt.set_task(std::string(BytesOf(task)));
  receipt.set_vehicle(std::string(BytesOf(vehicle)));
  receipt.set_data_digest(std::string(BytesOf(data)));
  receipt.mutable_receipt()->set_operator_key(std::string(BytesOf(key.public_key())));
  receipt.mutable_receipt()->set_received_us(received_us);
  receipt.mutable_receipt()->set_signature(Bytes(key.Sign(ReceiptStatement(kChain, task, vehicle, data, received_us))));
  return receipt;
}

std::vector<v1::Body> TypicalBodies() {
  return {GenesisBody(),   DepositBody(),     WithdrawBody(), RegisterOperatorBody(), TopUpBondBody(),
          RotateKeyBody(), PublishTaskBody(), AcceptBody(),   SubmitBody(),           ScoreBody(),
          DisputeBody(),   ResolveBody(),     SettleBody(),   EvidenceBody()};
}

v1::Body TypicalBody(v1::Body::TransactionCase kind) {
  for (const v1::Body& body : TypicalBodies()) {
    if (body.transaction_case() == kind) return body;
  }
  std::abort();  // No such kind.
}

std::string SealTypical(const v1::Body& body) {
  for (std::uint8_t seed = kMint; seed <= kNewKey; ++seed) {
    if (PublicKeyOf(seed) == body.signer()) return SealBytes(CanonicalBytes(body), KeyOf(seed));
  }
  std::abort();  // No such signer.
}

std::string SealBytes(std::string_view body, const SecretKey& key, std::string_view chain) {
  return Bytes(key.Sign(TransactionStatement(chain, body))) + std::string(body);
}

}  // namespace giot::ledger
