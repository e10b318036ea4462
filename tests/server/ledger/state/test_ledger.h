#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "giot/ledger/v1/ledger.pb.h"
#include "server/ledger/proof/ed25519.h"
#include "server/ledger/proof/transaction.h"
#include "server/ledger/state/state_machine.h"

namespace giot::ledger {

inline constexpr char kTestChain[] = "test.example/ledger";
inline constexpr std::int64_t kSecond = 1'000'000;
inline constexpr std::int64_t kStart = 1'700'000'000 * kSecond;

// The key whose seed is SHA-256(name); kept for the life of the program.
const SecretKey& KeyNamed(std::string_view name);
const PublicKey& PublicNamed(std::string_view name);
std::string Bytes(const Digest& bytes);

// Bodies, with fields that are right unless the caller changes them. Names are of keys.
// Genesis: mint "mint", treasury "treasury", auditors "auditor 0" to "auditor 2", of whom 2 decide.
v1::Body GenesisBody();
v1::Body DepositBody(std::string_view account, std::int64_t amount);
v1::Body WithdrawBody(std::int64_t amount, bool from_bond);
// Approved by auditors 0 and 1.
v1::Body RegisterBody(std::string_view operator_name, std::string_view checkpoint_name, std::int64_t bond);
v1::Body TopUpBody(std::int64_t amount);
// `account`: what the key serves. Approved by the auditors named.
v1::Body RotateBody(v1::KeyRole role, std::string_view old_name, std::string_view new_name, const Account& account,
                    const std::vector<std::string>& approving = {});
// Two slots; two items, of quality 0.5 for 100 and 0.8 for 200; a deposit of 50, delta 0.01, allowance 0.005, least reputation 0.1;
// 100 s to accept, 200 s to submit, 300 s to score.
v1::Body PublishBody(std::int64_t now_us);
v1::Body AcceptBody(const TaskId& task, int item, const v1::PublishTask& published);
// With a receipt by the operator's key.
v1::Body SubmitBody(const TaskId& task, std::string_view vehicle, std::string_view data,
                    std::string_view operator_name);
// With what auditors say.
v1::Body AvailableBody(const TaskId& task, std::string_view vehicle, std::string_view data,
                       const std::vector<std::string>& auditors);
v1::Body ScoreBody(const TaskId& task, std::string_view vehicle, int payable);
v1::Body DisputeBody(const TaskId& task);
v1::Body ResolveBody(const TaskId& task, std::string_view vehicle, int payable);
v1::Body SettleBody(const TaskId& task, std::string_view vehicle = "");  // No vehicle: the task.
// Two receipts by the key for different data.
v1::Body ReceiptEvidence(std::string_view operator_account, std::string_view signer);

// Signs with a key, or with the one of two signed statements of a pair of receipts.
v1::DataReceipt ReceiptFor(const TaskId& task, std::string_view vehicle, std::string_view data,
                           std::string_view operator_name);

// A machine with a clock, and one transaction a block.
class TestLedger {
 public:
  // After Genesis; "operator" is registered with a bond of 1,000 and checkpoint key "checkpoint",
  // and has a balance of 100,000; "car" and "bus" have 1,000 each.
  TestLedger();

  // Signed with the key named, in a block of its own, at now().
  v1::Code Do(std::string_view signer, v1::Body body);
  // The same, of several.
  OpenedTransaction Prepare(std::string_view signer, v1::Body body);

  std::int64_t now() const { return now_us_; }
  void Wait(std::int64_t us) { now_us_ += us; }
  void WaitUntil(std::int64_t us) { now_us_ = us; }

  // Publishes as "operator"; aborts unless it goes through.
  TaskId Publish(const v1::Body& body);
  // Publishes PublishBody(now()).
  TaskId Publish() { return Publish(PublishBody(now_us_)); }
  // "car" accepts item 1 of PublishBody; then submits; then is scored. Abort unless they go through.
  TaskId Accepted();
  TaskId Submitted();
  TaskId Scored(int payable);

  StateMachine& machine() { return machine_; }
  StateStore& state() { return machine_.state(); }
  std::int64_t BalanceOf(std::string_view account);
  AccountEntry AccountNamed(std::string_view account);
  OperatorEntry Operator();
  Acceptance AcceptanceOf(const TaskId& task, std::string_view vehicle = "car");
  TaskFunds FundsOf(const TaskId& task);
  Chain Totals();

 private:
  void Must(std::string_view signer, v1::Body body);

  StateMachine machine_{kTestChain};
  std::int64_t now_us_ = kStart;
  std::uint64_t height_ = 0;
  std::uint64_t nonces_ = 0;
};

// All entries, for comparisons.
std::vector<std::pair<std::string, std::string>> EntriesOf(const StateStore& state);

}  // namespace giot::ledger
