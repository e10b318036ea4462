#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/flags/flag.h"
#include "trainer/commands/commands.h"
#include "trainer/commands/evaluation_flags.h"
#include "trainer/commands/exit_codes.h"
#include "trainer/evaluation/evaluate_unsolved.h"
#include "trainer/evaluation/plot.h"
#include "trainer/evaluation/report.h"
#include "trainer/evaluation/unsolved_report.h"
#include "trainer/logging/metrics_log.h"
#include "trainer/replace_file.h"

ABSL_FLAG(std::string, bundle, "", "evaluate: folder of the bundle");
ABSL_FLAG(std::string, output, "", "evaluate: folder for evaluation.json and the plots; empty writes none");
ABSL_FLAG(std::string, metrics, "", "evaluate: metrics.jsonl of the run, for the learning curve");

namespace giot::trainer {
namespace {

// A missing gnuplot is told, not fatal: data and script are there.
absl::Status TolerateMissingGnuplot(const absl::Status& status, const std::filesystem::path& directory) {
  if (!absl::IsUnavailable(status)) return status;
  std::cout << "no plot: " << status.message() << "; data and script are in " << directory.string() << '\n';
  return absl::OkStatus();
}

// What one evaluation says, whatever the family.
struct Result {
  std::string table;
  std::string json;
  std::string reference;  // What ratios are shares of.
  std::vector<RatioSeries> ratios;
};

// The posted menu's curve would hide the policy's.
absl::StatusOr<Result> EvaluateSolved(const bundle::Bundle& bundle, const EvaluationOptions& options) {
  const absl::StatusOr<std::vector<MarketOutcome>> outcomes = EvaluateBundle(bundle, options);
  if (!outcomes.ok()) return outcomes.status();
  const EvaluationReport report = Report(*outcomes);
  Result result{ToTable(report), ToJson(report, SubjectOf(bundle), options), "the optimum", {}};
  for (const Method method : {Method::kPolicy, Method::kPooling, Method::kLinearPrice, Method::kRandomMonotone}) {
    result.ratios.push_back({NameOf(method), Ratios(*outcomes, method)});
  }
  return result;
}

absl::StatusOr<Result> EvaluateSearched(const bundle::Bundle& bundle, const EvaluationOptions& options) {
  const absl::StatusOr<std::vector<UnsolvedOutcome>> outcomes = EvaluateUnsolved(bundle, options);
  if (!outcomes.ok()) return outcomes.status();
  const UnsolvedReport report = Report(*outcomes);
  Result result{ToTable(report, options), ToJson(report, SubjectOf(bundle), options), "the best found", {}};
  for (const UnsolvedMethod method : {UnsolvedMethod::kPolicy, UnsolvedMethod::kSearch, UnsolvedMethod::kSingleItem}) {
    result.ratios.push_back({NameOf(method), Ratios(*outcomes, method)});
  }
  return result;
}

absl::Status PlotAll(const Result& result, const std::filesystem::path& directory) {
  absl::Status status =
      TolerateMissingGnuplot(PlotRatioHistogram(result.ratios, result.reference, directory), directory);
  const std::string path = absl::GetFlag(FLAGS_metrics);
  if (!status.ok() || path.empty()) return status;
  const absl::StatusOr<std::vector<MetricsRow>> metrics = ReadMetrics(path);
  if (!metrics.ok()) return metrics.status();
  return TolerateMissingGnuplot(PlotLearningCurve(*metrics, directory), directory);
}

}  // namespace

absl::StatusOr<int> Evaluate() {
  const absl::StatusOr<std::shared_ptr<const bundle::Bundle>> bundle =
      LoadBundle("bundle", absl::GetFlag(FLAGS_bundle));
  if (!bundle.ok()) return bundle.status();
  const bundle::Family family = (*bundle)->manifest().family;
  const absl::StatusOr<EvaluationOptions> options = EvaluationOptionsFromFlags(family);
  if (!options.ok()) return options.status();
  if ((*bundle)->fast_runner_refusal()) {
    std::cout << "fused runner refused: " << *(*bundle)->fast_runner_refusal() << '\n';
  }
  const absl::StatusOr<Result> result =
      family == bundle::Family::kScreening ? EvaluateSolved(**bundle, *options) : EvaluateSearched(**bundle, *options);
  if (!result.ok()) return result.status();

  const EvaluationSubject subject = SubjectOf(**bundle);
  std::cout << subject.name << '/' << subject.version << ' ' << subject.digest << ", " << subject.runner << '\n'
            << result->table;
  const std::filesystem::path output = absl::GetFlag(FLAGS_output);
  if (output.empty()) return kDone;
  if (absl::Status status = ReplaceFile(output / "evaluation.json", result->json); !status.ok()) return status;
  if (absl::Status status = PlotAll(*result, output); !status.ok()) return status;
  std::cout << "written to " << output.string() << '\n';
  return kDone;
}

}  // namespace giot::trainer
