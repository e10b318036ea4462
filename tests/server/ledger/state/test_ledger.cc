#include "tests/server/ledger/state/test_ledger.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <map>
#include <utility>

#include "server/ledger/proof/statement.h"

namespace giot::ledger {
namespace {

std::string SignatureBy(std::string_view name, const std::string& statement) {
  return std::string(BytesOf(KeyNamed(name).Sign(statement)));
}

// Signatures in the order of keys.
template <typename List>
void AddSignatures(const std::vector<std::string>& names, const std::string& statement, List& list) {
  std::map<PublicKey, std::string> signatures;
  for (const std::string& name : names) signatures[PublicNamed(name)] = SignatureBy(name, statement);
  for (const auto& [key, signature] : signatures) {
    v1::KeySignature& added = *list.Add();
    added.set_key(Bytes(key));
    added.set_signature(signature);
  }
}

std::string Hash(std::string_view text) { return Bytes(Sha256({text})); }

}  // namespace

const SecretKey& KeyNamed(std::string_view name) {
  static auto& keys = *new std::map<std::string, SecretKey, std::less<>>();
  const auto found = keys.find(name);
  if (found != keys.end()) return found->second;
  return keys.emplace(std::string(name), SecretKey(Sha256({name}))).first->second;
}

const PublicKey& PublicNamed(std::string_view name) { return KeyNamed(name).public_key(); }

std::string Bytes(const Digest& bytes) { return std::string(BytesOf(bytes)); }

v1::Body GenesisBody() {
  v1::Body body;
  v1::Genesis& genesis = *body.mutable_genesis();
  genesis.set_time_us(kStart);
  genesis.set_treasury(Bytes(PublicNamed("treasury")));
  for (const char* auditor : {"auditor 0", "auditor 1", "auditor 2"}) genesis.add_auditors(Bytes(PublicNamed(auditor)));
  genesis.set_auditor_threshold(2);
  genesis.set_min_bond_micros(1'000);
  genesis.set_penalty_micros(300);
  genesis.set_availability_grace_us(10 * kSecond);
  genesis.set_dispute_window_us(20 * kSecond);
  genesis.set_vote_window_us(30 * kSecond);
  genesis.set_evidence_window_us(40 * kSecond);
  genesis.set_max_task_us(1'000 * kSecond);
  return body;
}

v1::Body DepositBody(std::string_view account, std::int64_t amount) {
  v1::Body body;
  body.mutable_deposit()->set_account(Bytes(PublicNamed(account)));
  body.mutable_deposit()->set_amount_micros(amount);
  return body;
}

v1::Body WithdrawBody(std::int64_t amount, bool from_bond) {
  v1::Body body;
  body.mutable_withdraw()->set_amount_micros(amount);
  body.mutable_withdraw()->set_from_bond(from_bond);
  return body;
}

v1::Body RegisterBody(std::string_view operator_name, std::string_view checkpoint_name, std::int64_t bond) {
  v1::Body body;
  v1::RegisterOperator& registration = *body.mutable_register_operator();
  const PublicKey& account = PublicNamed(operator_name);
  registration.set_checkpoint_key(Bytes(PublicNamed(checkpoint_name)));
  registration.set_checkpoint_possession(
      SignatureBy(checkpoint_name, PossessionStatement(kTestChain, v1::KEY_ROLE_CHECKPOINT, account)));
  registration.set_bond_micros(bond);
  registration.set_approve_by_us(kStart + 3'600 * kSecond);
  AddSignatures({"auditor 0", "auditor 1"}, ApprovalStatement(kTestChain, account, registration),
                *registration.mutable_approvals());
  return body;
}

v1::Body TopUpBody(std::int64_t amount) {
  v1::Body body;
  body.mutable_top_up_bond()->set_amount_micros(amount);
  return body;
}

v1::Body RotateBody(v1::KeyRole role, std::string_view old_name, std::string_view new_name, const Account& account,
                    const std::vector<std::string>& approving) {
  v1::Body body;
  v1::RotateKey& rotation = *body.mutable_rotate_key();
  rotation.set_role(role);
  rotation.set_old_key(Bytes(PublicNamed(old_name)));
  rotation.set_new_key(Bytes(PublicNamed(new_name)));
  rotation.set_new_key_possession(SignatureBy(new_name, PossessionStatement(kTestChain, role, account)));
  if (approving.empty()) return body;
  rotation.set_approve_by_us(kStart + 3'600 * kSecond);
  AddSignatures(approving, ApprovalStatement(kTestChain, rotation), *rotation.mutable_approvals());
  return body;
}

v1::Body PublishBody(std::int64_t now_us) {
  v1::Body body;
  v1::PublishTask& task = *body.mutable_publish_task();
  for (const auto& [quality, reward] : {std::pair(500'000, 100), {800'000, 200}}) {
    v1::Item& item = *task.add_menu();
    item.set_quality_micros(quality);
    item.set_reward_micros(reward);
  }
  task.set_slots(2);
  task.set_accept_by_us(now_us + 100 * kSecond);
  task.set_submit_by_us(now_us + 200 * kSecond);
  task.set_score_by_us(now_us + 300 * kSecond);
  task.set_deposit_micros(50);
  task.set_delta_micros(10'000);
  task.set_allowance_micros(5'000);
  task.set_min_reputation_micros(100'000);
  task.set_scorer_digest(Hash("scorer"));
  task.set_nonce_commitment(Hash("nonce"));
  task.set_description_digest(Hash("description"));
  return body;
}

v1::Body AcceptBody(const TaskId& task, int item, const v1::PublishTask& published) {
  std::vector<TaskItem> menu;
  for (const v1::Item& posted : published.menu()) {
    menu.push_back({static_cast<std::uint32_t>(posted.quality_micros()), posted.reward_micros(),
                    static_cast<std::uint32_t>(posted.update_rate_micros())});
  }
  v1::Body body;
  body.mutable_accept()->set_task(Bytes(task));
  body.mutable_accept()->set_item(item);
  body.mutable_accept()->set_menu_digest(Bytes(MenuDigest(menu)));
  return body;
}

v1::DataReceipt ReceiptFor(const TaskId& task, std::string_view vehicle, std::string_view data,
                           std::string_view operator_name) {
  v1::DataReceipt receipt;
  receipt.set_operator_key(Bytes(PublicNamed(operator_name)));
  receipt.set_received_us(kStart);
  receipt.set_signature(
      SignatureBy(operator_name, ReceiptStatement(kTestChain, task, PublicNamed(vehicle), Sha256({data}), kStart)));
  return receipt;
}

v1::Body SubmitBody(const TaskId& task, std::string_view vehicle, std::string_view data,
                    std::string_view operator_name) {
  v1::Body body;
  body.mutable_submit()->set_task(Bytes(task));
  body.mutable_submit()->set_data_digest(Hash(data));
  *body.mutable_submit()->mutable_receipt() = ReceiptFor(task, vehicle, data, operator_name);
  return body;
}

v1::Body AvailableBody(const TaskId& task, std::string_view vehicle, std::string_view data,
                       const std::vector<std::string>& auditors) {
  v1::Body body;
  body.mutable_submit()->set_task(Bytes(task));
  body.mutable_submit()->set_data_digest(Hash(data));
  AddSignatures(auditors, AvailabilityStatement(kTestChain, task, PublicNamed(vehicle), Sha256({data})),
                *body.mutable_submit()->mutable_availability());
  return body;
}

v1::Body ScoreBody(const TaskId& task, std::string_view vehicle, int payable) {
  v1::Body body;
  v1::Score& score = *body.mutable_score();
  score.set_task(Bytes(task));
  score.set_vehicle(Bytes(PublicNamed(vehicle)));
  score.set_payable_micros(payable);
  score.set_nonce(Hash("score nonce"));
  score.set_evidence_digest(Hash("evidence"));
  return body;
}

v1::Body DisputeBody(const TaskId& task) {
  v1::Body body;
  body.mutable_dispute()->set_task(Bytes(task));
  return body;
}

v1::Body ResolveBody(const TaskId& task, std::string_view vehicle, int payable) {
  v1::Body body;
  v1::Resolve& resolve = *body.mutable_resolve();
  resolve.set_task(Bytes(task));
  resolve.set_vehicle(Bytes(PublicNamed(vehicle)));
  resolve.set_payable_micros(payable);
  return body;
}

v1::Body SettleBody(const TaskId& task, std::string_view vehicle) {
  v1::Body body;
  body.mutable_settle()->set_task(Bytes(task));
  if (!vehicle.empty()) body.mutable_settle()->set_vehicle(Bytes(PublicNamed(vehicle)));
  return body;
}

v1::Body ReceiptEvidence(std::string_view operator_account, std::string_view signer) {
  const TaskId task = Sha256({"a task"});
  v1::Body body;
  v1::Evidence& evidence = *body.mutable_evidence();
  evidence.set_kind(v1::EVIDENCE_KIND_RECEIPTS);
  evidence.set_operator_account(Bytes(PublicNamed(operator_account)));
  for (const char* data : {"one", "other"}) {
    v1::SignedReceipt receipt;
    receipt.set_task(Bytes(task));
    receipt.set_vehicle(Bytes(PublicNamed("car")));
    receipt.set_data_digest(Hash(data));
    *receipt.mutable_receipt() = ReceiptFor(task, "car", data, signer);
    (evidence.first().empty() ? *evidence.mutable_first() : *evidence.mutable_second()) = CanonicalBytes(receipt);
  }
  return body;
}

TestLedger::TestLedger() {
  Must("mint", GenesisBody());
  Must("mint", DepositBody("operator", 101'000));
  Must("mint", DepositBody("car", 1'000));
  Must("mint", DepositBody("bus", 1'000));
  Must("operator", RegisterBody("operator", "checkpoint", 1'000));
}

OpenedTransaction TestLedger::Prepare(std::string_view signer, v1::Body body) {
  std::string nonce(kNonceBytes, '\0');
  ++nonces_;
  std::memcpy(nonce.data(), &nonces_, sizeof nonces_);
  body.set_nonce(nonce);
  if (body.expires_us() == 0) body.set_expires_us(now_us_ + 300 * kSecond);
  return OpenTransaction(kTestChain, Seal(std::move(body), kTestChain, KeyNamed(signer)));
}

v1::Code TestLedger::Do(std::string_view signer, v1::Body body) {
  const OpenedTransaction transaction = Prepare(signer, std::move(body));
  machine_.Begin(height_++, now_us_);
  const v1::Code code = machine_.Apply(transaction);
  machine_.End();
  return code;
}

void TestLedger::Must(std::string_view signer, v1::Body body) {
  const v1::Code code = Do(signer, std::move(body));
  if (code == v1::CODE_OK) return;
  std::cerr << "the setting of a test was refused: " << v1::Code_Name(code) << "\n";
  std::abort();
}

TaskId TestLedger::Publish(const v1::Body& body) {
  Must("operator", body);
  return machine_.TakeBlock().ids.back();
}

TaskId TestLedger::Accepted() {
  const v1::Body published = PublishBody(now_us_);
  const TaskId task = Publish(published);
  Must("car", AcceptBody(task, 1, published.publish_task()));
  return task;
}

TaskId TestLedger::Submitted() {
  const TaskId task = Accepted();
  Must("car", SubmitBody(task, "car", "data", "operator"));
  return task;
}

TaskId TestLedger::Scored(int payable) {
  const TaskId task = Submitted();
  Must("operator", ScoreBody(task, "car", payable));
  return task;
}

AccountEntry TestLedger::AccountNamed(std::string_view account) {
  return state().Get<AccountEntry>(AccountKey(PublicNamed(account))).value_or(AccountEntry{});
}
std::int64_t TestLedger::BalanceOf(std::string_view account) { return AccountNamed(account).balance; }
OperatorEntry TestLedger::Operator() {
  return state().Get<OperatorEntry>(OperatorKey(PublicNamed("operator"))).value();
}
Acceptance TestLedger::AcceptanceOf(const TaskId& task, std::string_view vehicle) {
  return state().Get<Acceptance>(AcceptanceKey(task, PublicNamed(vehicle))).value();
}
TaskFunds TestLedger::FundsOf(const TaskId& task) { return state().Get<TaskFunds>(FundsKey(task)).value(); }
Chain TestLedger::Totals() { return state().Get<Chain>(ChainKey()).value(); }

std::vector<std::pair<std::string, std::string>> EntriesOf(const StateStore& state) {
  std::vector<std::pair<std::string, std::string>> entries;
  state.Scan("", [&](const std::string& key, const std::string& value) {
    entries.emplace_back(key, value);
    return true;
  });
  return entries;
}

}  // namespace giot::ledger
