#include <filesystem>
#include <iostream>
#include <memory>
#include <string>

#include "absl/flags/flag.h"
#include "trainer/commands/commands.h"
#include "trainer/commands/evaluation_flags.h"
#include "trainer/commands/exit_codes.h"
#include "trainer/evaluation/plot.h"
#include "trainer/evaluation/report.h"
#include "trainer/logging/metrics_log.h"
#include "trainer/replace_file.h"

ABSL_FLAG(std::string, bundle, "", "evaluate: folder of the bundle");
ABSL_FLAG(std::string, output, "", "evaluate: folder for evaluation.json and the plots; empty writes none");
ABSL_FLAG(std::string, metrics, "", "evaluate: metrics.jsonl of the run, for the learning curve");

namespace giot::trainer {
namespace {

EvaluationSubject SubjectOf(const bundle::Bundle& bundle) {
  return {bundle.manifest().name, bundle.manifest().version, bundle.digest(), std::string(bundle.runner().name())};
}

// A missing gnuplot is told, not fatal: data and script are there.
absl::Status TolerateMissingGnuplot(const absl::Status& status, const std::filesystem::path& directory) {
  if (!absl::IsUnavailable(status)) return status;
  std::cout << "no plot: " << status.message() << "; data and script are in " << directory.string() << '\n';
  return absl::OkStatus();
}

absl::Status PlotAll(absl::Span<const MarketOutcome> outcomes, const std::filesystem::path& directory) {
  absl::Status status = TolerateMissingGnuplot(PlotRatioHistogram(outcomes, directory), directory);
  const std::string path = absl::GetFlag(FLAGS_metrics);
  if (!status.ok() || path.empty()) return status;
  const absl::StatusOr<std::vector<MetricsRow>> metrics = ReadMetrics(path);
  if (!metrics.ok()) return metrics.status();
  return TolerateMissingGnuplot(PlotLearningCurve(*metrics, directory), directory);
}

}  // namespace

absl::StatusOr<int> Evaluate() {
  const absl::StatusOr<EvaluationOptions> options = EvaluationOptionsFromFlags();
  if (!options.ok()) return options.status();
  const absl::StatusOr<std::shared_ptr<const bundle::Bundle>> bundle =
      LoadBundle("bundle", absl::GetFlag(FLAGS_bundle));
  if (!bundle.ok()) return bundle.status();
  if ((*bundle)->fast_runner_refusal()) {
    std::cout << "fused runner refused: " << *(*bundle)->fast_runner_refusal() << '\n';
  }
  const absl::StatusOr<std::vector<MarketOutcome>> outcomes = EvaluateBundle(**bundle, *options);
  if (!outcomes.ok()) return outcomes.status();

  const EvaluationReport report = Report(*outcomes);
  const EvaluationSubject subject = SubjectOf(**bundle);
  std::cout << subject.name << '/' << subject.version << ' ' << subject.digest << ", " << subject.runner << '\n'
            << ToTable(report);
  const std::filesystem::path output = absl::GetFlag(FLAGS_output);
  if (output.empty()) return kDone;
  const std::string json = ToJson(report, subject, *options);
  if (absl::Status status = ReplaceFile(output / "evaluation.json", json); !status.ok()) return status;
  if (absl::Status status = PlotAll(*outcomes, output); !status.ok()) return status;
  std::cout << "written to " << output.string() << '\n';
  return kDone;
}

}  // namespace giot::trainer
