#pragma once

#include <cstdint>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "giot/ledger/v1/ledger.pb.h"
#include "server/ledger/proof/transaction.h"
#include "server/ledger/state/state_machine.h"

namespace giot::ledger {

// Makes random transactions of all kinds, most of them plausible in the state that they meet, many
// wrong in some way. Their envelopes and inner statements are not signed (the state machine trusts who
// opened them), but for possession of new keys, which the state machine itself verifies.
class Simulation {
 public:
  explicit Simulation(std::uint64_t seed);

  OpenedTransaction Genesis();
  OpenedTransaction Next(StateMachine& machine, std::int64_t now_us);

  // From 0 to `most`, both included.
  std::int64_t Up(std::int64_t most) {
    return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(most + 1));
  }
  bool OneIn(std::int64_t n) { return Up(n - 1) == 0; }

 private:
  struct Signed {
    std::string signer;
    v1::Body body;
  };

  OpenedTransaction Open(const Signed& made, std::int64_t now_us);
  Signed Make(StateMachine& machine, std::int64_t now_us);
  Signed OnAcceptance(StateMachine& machine, const TaskId& task);
  Signed OnTask(StateMachine& machine, std::int64_t now_us);
  Signed Money();
  Signed Keys(StateMachine& machine, std::int64_t now_us);
  Signed Registration(std::size_t which, std::int64_t now_us);
  Signed Rotation(StateMachine& machine, std::int64_t now_us);
  // Which keys serve now.
  void Refresh(StateMachine& machine);
  v1::Body Publication(std::int64_t now_us);
  v1::Body Contradiction(const std::string& account, const std::string& signer);
  void Approve(google::protobuf::RepeatedPtrField<v1::KeySignature>& list);

  // Names of keys, as test_ledger.h has them.
  std::string Vehicle();
  std::string Fresh(const char* kind) { return Known(std::string(kind) + " " + std::to_string(++fresh_)); }
  const std::string& Known(const std::string& name);
  const std::string& Any(const std::vector<std::string>& names) {
    return names[static_cast<std::size_t>(Up(static_cast<std::int64_t>(names.size()) - 1))];
  }
  std::string Anybody();

  std::mt19937_64 random_;
  std::uint64_t nonces_ = 0;
  std::uint64_t fresh_ = 0;
  std::map<PublicKey, std::string> names_;
  std::string mint_;
  std::vector<std::string> auditors_;
  std::vector<std::string> accounts_;     // Of operators that are registered or wait to be.
  std::vector<std::string> operators_;    // Their present keys.
  std::vector<std::string> checkpoints_;  // And those of their checkpoints.
  std::vector<std::string> retired_;
  std::vector<TaskId> tasks_;
  std::map<TaskId, v1::PublishTask> published_;
};

// What holds between two states, and what no single one can show: statuses never fall, final ones
// stay, who is refused changes nothing, a task gives no more than was locked for it.
class Watch {
 public:
  // After each transaction. Reports by gtest.
  void After(v1::Code code, StateMachine& machine);
  // Now and then: also AuditState.
  void Audit(StateMachine& machine);

  std::map<v1::Code, int> codes;

 private:
  void AfterChange(const std::string& key, const std::string* value);

  std::map<std::string, AcceptanceStatus> statuses_;
  std::map<std::string, std::int64_t> locked_;  // By funds key.
};

// Runs that many random transactions through a machine, watched.
std::map<v1::Code, int> RunWatched(std::uint64_t seed, int transactions);

}  // namespace giot::ledger
