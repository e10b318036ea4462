#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "giot/v1/settlement.pb.h"
#include "server/ledger/embedded_driver.h"
#include "server/settlement/settlement.h"
#include "tests/server/ledger/state/test_ledger.h"

namespace giot::settlement {

inline constexpr std::int64_t kSecond = ledger::kSecond;

// What a scorer is made to think of everything that is delivered.
struct TestOpinion {
  double quality = 0.9;
  double lower = 0.85;
  absl::Status refuses;  // Unless OK.
  int width = 0;         // Of the requirements that it goes by; 0: those asked for.
  std::atomic<int> asked = 0;
};

// An empty folder for one test's files.
std::filesystem::path EmptyFolder(std::string_view name);

// A settlement on an embedded ledger of its own, whose clock is `now`; keys are ledger::KeyNamed. After Genesis
// (ledger::GenesisBody), "operator" is registered with a bond of 1,000 and has a balance of 100,000; "car" and "bus"
// have 1,000 each.
class TestMarket {
 public:
  struct Options {
    std::string operator_name = "operator";  // Empty: none.
    bool has_scorer = true;
    std::string model = "scorer";
    std::int64_t evidence_bytes = 1 << 20;
    std::string driver_name = "embedded";  // As the settlement is told.
    std::string ledger = "ledger";         // File of the folder.
  };

  explicit TestMarket(std::string_view name) : TestMarket(name, Options{}) {}
  TestMarket(std::string_view name, const Options& options);

  // As if the process had ended and another had been started.
  void Restart() { Restart(options_); }
  void Restart(const Options& options);

  // Places it, signed by the key named; the code. Aborts unless it is placed.
  ledger::v1::Code Do(std::string_view signer, ledger::v1::Body body);
  // The same through the settlement, as a client's Transact.
  ledger::v1::Code Transact(std::string_view signer, ledger::v1::Body body);
  std::string Seal(std::string_view signer, ledger::v1::Body body);

  // Two slots; two items, of quality 0.5 for 100 and 0.8 for 200; a deposit of 50; 100 s each to accept, submit and
  // score.
  v1::PublishTaskRequest Request(const std::string& request_id) const;
  static v1::GenerateContractResponse Contract();
  // Publishes it; aborts unless it goes through.
  ledger::TaskId Publish(const std::string& request_id = "first");

  // Aborts unless it goes through.
  void Accept(const ledger::TaskId& task, std::string_view vehicle, int item);
  v1::DeliverDataRequest Delivery(const ledger::TaskId& task, std::string_view vehicle, const std::string& data) const;
  absl::StatusOr<v1::DeliverDataResponse> Deliver(const v1::DeliverDataRequest& request);
  // Of what was delivered.
  static ledger::v1::Body SubmitBody(const ledger::TaskId& task, const v1::DeliverDataResponse& delivered);
  // Accepts the item, delivers and submits; aborts unless it goes through.
  v1::DeliverDataResponse Submitted(const ledger::TaskId& task, std::string_view vehicle, int item);

  // Ticks until nothing is left to do at once.
  void Settle();

  // Aborts if there is none.
  ledger::Acceptance AcceptanceOf(const ledger::TaskId& task, std::string_view vehicle);
  bool HasEvidence(const ledger::TaskId& task, std::string_view vehicle);
  std::int64_t BalanceOf(std::string_view name);
  std::int64_t BondOf(std::string_view name);
  std::string StateRoot();
  std::uint64_t LogSize();

  void Wait(std::int64_t us) { now_us_ += us; }
  std::int64_t now() const { return now_us_; }
  TestOpinion& opinion() { return opinion_; }
  ledger::Driver& driver() { return *driver_; }
  Settlement& settlement() { return *settlement_; }
  const std::filesystem::path& folder() const { return folder_; }

 private:
  void Open(bool is_new);
  Scorer MakeScorer();

  const std::filesystem::path folder_;
  Options options_;
  std::atomic<std::int64_t> now_us_ = ledger::kStart;
  TestOpinion opinion_;
  std::unique_ptr<ledger::Driver> driver_;
  std::unique_ptr<Settlement> settlement_;
};

}  // namespace giot::settlement
