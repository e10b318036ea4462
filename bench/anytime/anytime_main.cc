// How good an answer is by when: utility, as a share of the best known, against time.
//
//   anytime_bench --family=uncertain --references=bench/anytime/references/uncertain.csv
//       [--bundle=models/released/uncertain/1]
//
// Prints CSV: family,method,time_us,mean_percent,p01_percent,answered_percent. Time runs from
// the market as parsed, for `uncertain` with its scenarios, which every method needs
// alike, and counts everything else that a caller would wait for.

#include <chrono>
#include <ctime>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "bench/anytime/bundle_proposer.h"
#include "bench/anytime/curve.h"
#include "bench/anytime/held_out.h"
#include "bench/anytime/methods.h"
#include "bench/anytime/reference_table.h"

ABSL_FLAG(std::string, family, "", "uncertain or freshness");
ABSL_FLAG(std::string, references, "", "the family's references, a CSV file");
ABSL_FLAG(std::string, bundle, "", "a folder with a policy of the family; none: solvers only");
ABSL_FLAG(std::size_t, markets, 200, "how many of the held-out markets");
ABSL_FLAG(bool, cpu_time, false, "time by the thread's CPU clock, for a machine that others use as well");

namespace giot::bench {
namespace {

using Time = std::chrono::steady_clock::time_point;

Time ThreadCpuTime() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return Time(std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec));
}

absl::StatusOr<AnswerLog> Answer(const Method& method, HeldOutMarket& market, std::chrono::microseconds allowed,
                                 const search::Clock& clock) {
  AnswerLog log;
  search::Budget budget;
  budget.clock = clock;
  const Time began = clock();
  budget.deadline = began + allowed;
  const absl::Status status = method.answer(
      market, budget, [&](const search::Improvement& better) { log.Note(clock() - began, better.value); });
  if (!status.ok()) return status;
  return log;
}

absl::Status RunMethod(const Method& method, const std::vector<std::unique_ptr<HeldOutMarket>>& markets,
                       const std::vector<double>& best_known) {
  const search::Clock clock =
      absl::GetFlag(FLAGS_cpu_time) ? search::Clock(ThreadCpuTime) : search::Clock(std::chrono::steady_clock::now);
  const absl::StatusOr<AnswerLog> warm = Answer(method, *markets.front(), std::chrono::milliseconds(10), clock);
  if (!warm.ok()) return warm.status();
  std::vector<AnswerLog> logs;
  for (const auto& market : markets) {
    absl::StatusOr<AnswerLog> log = Answer(method, *market, AnswerTimes().back(), clock);
    if (!log.ok()) return log.status();
    logs.push_back(*std::move(log));
  }
  for (std::size_t time = 0; time < AnswerTimes().size(); ++time) {
    const Summary summary = Summarize(logs, best_known, time);
    std::cout << absl::StrFormat("%s,%s,%d,%.5f,%.5f,%.2f\n", absl::GetFlag(FLAGS_family), method.name,
                                 AnswerTimes()[time].count(), 100.0 * summary.mean, 100.0 * summary.p01,
                                 100.0 * summary.answered);
  }
  std::cout.flush();
  return absl::OkStatus();
}

absl::StatusOr<std::vector<double>> BestKnown(const std::vector<std::unique_ptr<HeldOutMarket>>& markets) {
  const absl::StatusOr<std::vector<Reference>> references = ReadReferences(absl::GetFlag(FLAGS_references));
  if (!references.ok()) return references.status();
  if (absl::Status same = CheckSameMarkets(markets, *references); !same.ok()) return same;
  std::vector<double> best_known;
  for (std::size_t i = 0; i < markets.size(); ++i) best_known.push_back((*references)[i].best_known);
  return best_known;
}

absl::Status Run() {
  const auto markets = HeldOutMarkets(absl::GetFlag(FLAGS_family), absl::GetFlag(FLAGS_markets));
  if (!markets.ok()) return markets.status();
  if (markets->empty()) return absl::InvalidArgumentError("markets: got 0, want at least 1");
  const absl::StatusOr<std::vector<double>> best_known = BestKnown(*markets);
  if (!best_known.ok()) return best_known.status();
  std::unique_ptr<Proposer> proposer;
  if (const std::string folder = absl::GetFlag(FLAGS_bundle); !folder.empty()) {
    absl::StatusOr<std::unique_ptr<Proposer>> loaded = LoadProposer(folder, absl::GetFlag(FLAGS_family));
    if (!loaded.ok()) return loaded.status();
    proposer = *std::move(loaded);
  }
  std::cout << "family,method,time_us,mean_percent,p01_percent,answered_percent\n";
  for (const Method& method : Methods(markets->front()->item_objective() != nullptr, proposer.get())) {
    if (absl::Status status = RunMethod(method, *markets, *best_known); !status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace
}  // namespace giot::bench

int main(int argc, char** argv) {
  absl::SetProgramUsageMessage("how good an answer is by when");
  absl::ParseCommandLine(argc, argv);
  const absl::Status status = giot::bench::Run();
  if (!status.ok()) std::cerr << status << '\n';
  return status.ok() ? 0 : 1;
}
