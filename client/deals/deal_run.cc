#include "client/deals/deal_run.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <functional>
#include <memory>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/deals/for_each.h"
#include "client/deals/ledger_folder.h"
#include "client/deals/participant.h"
#include "client/deals/task_board.h"
#include "client/sensing_client.h"
#include "client/settlement/proven_ledger.h"
#include "client/settlement/settlement_client.h"

namespace giot::client {
namespace {

constexpr std::int64_t kDepositMicros = 100'000;
constexpr std::int64_t kFundsMicros = 2 * kDepositMicros;
constexpr std::size_t kVehiclesAnAbsentee = 12;
constexpr absl::Duration kAcceptEach = absl::Milliseconds(20);
constexpr absl::Duration kSubmitEach = absl::Milliseconds(250);
constexpr absl::Duration kScoreFor = absl::Seconds(30);  // Beyond the availability grace.

absl::Status CheckWindows(const ledger::Parameters& parameters) {
  const std::pair<const char*, std::int64_t> windows[] = {{"availability_grace", parameters.availability_grace},
                                                          {"dispute_window", parameters.dispute_window},
                                                          {"vote_window", parameters.vote_window}};
  for (const auto& [name, window_us] : windows) {
    if (window_us <= absl::ToInt64Microseconds(kMostWindow)) continue;
    return absl::FailedPreconditionError(
        absl::StrCat("the ledger's ", name, ": got ", absl::FormatDuration(absl::Microseconds(window_us)),
                     ", want at most ", absl::FormatDuration(kMostWindow), ", which vehicles wait for"));
  }
  return absl::OkStatus();
}

TaskOptions TaskOptionsFor(std::size_t vehicles, const ledger::Parameters& parameters, const LedgerFolder& folder,
                           const quality::QualityModel& model, const DealRunOptions& options) {
  const auto count = static_cast<double>(vehicles);
  return {.operator_token = folder.operator_token,
          .terms = options.terms,
          .scorer_digest = model.digest,
          .samples = options.samples,
          .accept_for = options.window + count * kAcceptEach,
          .submit_for = options.window + count * kSubmitEach,
          .score_for = kScoreFor + absl::Microseconds(parameters.availability_grace),
          .deposit_micros = kDepositMicros};
}

// Of those who fall short by their own doing, every other one.
std::vector<bool> WhoDisputes(const std::vector<Deal>& deals, std::size_t vehicles) {
  std::vector<bool> disputes(vehicles, false);
  bool turn = true;
  for (std::size_t d = 0; d < deals.size(); ++d) {
    const Conduct conduct = deals[d].conduct;
    if (conduct != Conduct::kGrain && conduct != Conduct::kUpscale && conduct != Conduct::kStale) continue;
    disputes[d] = turn;
    turn = !turn;
  }
  return disputes;
}

// All vehicles of a run; those with deals come first, in the deals' order.
class Run {
 public:
  Run(std::vector<Deal>& deals, const quality::QualityModel& model, LedgerFolder folder, const DealRunOptions& options)
      : deals_(deals),
        model_(model),
        folder_(std::move(folder)),
        options_(options),
        absentees_(deals.empty() ? 0 : std::max<std::size_t>(1, deals.size() / kVehiclesAnAbsentee)),
        client_(options.server, options.call),
        ledger_(client_, folder_.verifier_key),
        sensing_(options.server, options.call),
        disputes_(WhoDisputes(deals, deals.size() + absentees_)),
        participants_(deals.size() + absentees_) {}

  absl::Status Publish() {
    const absl::StatusOr<ledger::Parameters> parameters = ledger_.ReadParameters();
    if (!parameters.ok()) return parameters.status();
    if (absl::Status status = CheckWindows(*parameters); !status.ok()) return status;
    const TaskOptions terms = TaskOptionsFor(participants_.size(), *parameters, folder_, model_, options_);
    const std::vector<PlannedTask> tasks = PlanTasks(deals_, static_cast<int>(absentees_));
    report_.tasks = static_cast<std::int64_t>(tasks.size());
    std::vector<ledger::TaskId> ids(tasks.size());
    const absl::Status published = ForEach(tasks.size(), options_.threads, [&](std::size_t t) {
      const absl::StatusOr<ledger::TaskId> id = client::Publish(ledger_, tasks[t], terms);
      if (id.ok()) ids[t] = *id;
      return id.status();
    });
    if (published.ok()) Assign(tasks, ids);
    return published;
  }

  absl::Status Join() {
    return ForAll([this](std::size_t v) { return participants_[v]->Join(folder_.mint, kFundsMicros); });
  }

  absl::Status Deliver() {
    return ForAll([this](std::size_t v) {
      Participant& vehicle = *participants_[v];
      absl::Status status = vehicle.Deliver(sensing_);
      if (status.ok() && disputes_[v] && !folder_.auditors.empty()) status = vehicle.DisputeIfBelow(folder_, model_);
      return status;
    });
  }

  absl::Status AwaitEnd() {
    return ForAll([this](std::size_t v) { return participants_[v]->AwaitEnd(); });
  }

  absl::StatusOr<DealReport> Report() {
    report_.chain_id = ledger_.chain_id();
    report_.absentees = static_cast<std::int64_t>(absentees_);
    for (const auto& vehicle : participants_) {
      report_.tally.Add(vehicle->result());
      report_.transactions += vehicle->transactions();
    }
    const absl::StatusOr<ledger::Chain> chain = ledger_.ReadChain();
    if (!chain.ok()) return chain.status();
    report_.chain = *chain;
    if (const auto newest = ledger_.newest()) report_.log_size = newest->size;
    return report_;
  }

  absl::StatusOr<std::vector<Outcome>> Outcomes(const VehicleFinder& find) const {
    std::vector<Outcome> outcomes;
    for (std::size_t d = 0; d < deals_.size(); ++d) {
      const bool paid = participants_[d]->result().status == ledger::AcceptanceStatus::kPaid;
      absl::StatusOr<Outcome> outcome = OutcomeOf(deals_[d], participants_[d]->score(), paid, find);
      if (!outcome.ok()) return outcome.status();
      outcomes.push_back(*outcome);
    }
    return outcomes;
  }

  absl::Status WriteReceipts(const std::filesystem::path& folder) const {
    std::error_code ignored;  // Writing the first file says why.
    std::filesystem::create_directories(folder, ignored);
    for (std::size_t v = 0; v < participants_.size(); ++v) {
      const std::string& receipt = participants_[v]->submit_receipt();
      if (receipt.empty()) continue;
      const std::filesystem::path path = folder / absl::StrCat("vehicle-", v + 1, ".tlog-proof");
      if (!(std::ofstream(path, std::ios::binary) << receipt << std::flush)) {
        return absl::UnavailableError(absl::StrCat(path.string(), ": cannot be written"));
      }
    }
    return absl::OkStatus();
  }

 private:
  void Assign(const std::vector<PlannedTask>& tasks, const std::vector<ledger::TaskId>& ids) {
    std::size_t next_absentee = deals_.size();
    for (std::size_t t = 0; t < tasks.size(); ++t) {
      for (const std::size_t d : tasks[t].deals) {
        participants_[d] = std::make_unique<Participant>(ledger_, ids[t], &deals_[d]);
      }
      for (int a = 0; a < tasks[t].absentees; ++a) {
        participants_[next_absentee++] = std::make_unique<Participant>(ledger_, ids[t], nullptr);
      }
    }
  }

  absl::Status ForAll(const std::function<absl::Status(std::size_t)>& work) {
    return ForEach(participants_.size(), options_.threads, work);
  }

  std::vector<Deal>& deals_;
  const quality::QualityModel& model_;
  const LedgerFolder folder_;
  const DealRunOptions& options_;
  const std::size_t absentees_;
  SettlementClient client_;
  ProvenLedger ledger_;
  SensingClient sensing_;
  const std::vector<bool> disputes_;
  std::vector<std::unique_ptr<Participant>> participants_;
  DealReport report_;
};

}  // namespace

absl::StatusOr<DealRun> RunDeals(std::vector<Deal>& deals, const quality::QualityModel& model,
                                 const VehicleFinder& find, const DealRunOptions& options) {
  absl::StatusOr<LedgerFolder> folder = ReadLedgerFolder(options.folder);
  if (!folder.ok()) return folder.status();
  Run run(deals, model, *std::move(folder), options);
  absl::Status status = run.Publish();
  if (status.ok()) status = run.Join();
  if (status.ok()) status = run.Deliver();
  if (status.ok()) status = run.AwaitEnd();
  if (status.ok() && !options.receipts.empty()) status = run.WriteReceipts(options.receipts);
  if (!status.ok()) return status;
  absl::StatusOr<DealReport> report = run.Report();
  if (!report.ok()) return report.status();
  absl::StatusOr<std::vector<Outcome>> outcomes = run.Outcomes(find);
  if (!outcomes.ok()) return outcomes.status();
  return DealRun{*std::move(report), *std::move(outcomes)};
}

}  // namespace giot::client
