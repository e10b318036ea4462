#include "trainer/policy_export.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <memory>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "models/bundle/bundle.h"
#include "models/bundle/bundle_files.h"
#include "models/bundle/bundle_writer.h"
#include "trainer/evaluation/evaluate_unsolved.h"
#include "trainer/evaluation/report.h"
#include "trainer/evaluation/unsolved_report.h"
#include "trainer/trained_ranges.h"

namespace giot::trainer {
namespace {

std::filesystem::path FolderOf(const std::filesystem::path& root, const ExportOptions& options) {
  return root / options.name / std::to_string(options.version);
}

using Metrics = std::map<std::string, double>;

bundle::MarketRanges RangesOf(const ExportOptions& options) {
  switch (options.family) {
    case bundle::Family::kScreening:
      return TrainedRanges(options.evaluation.distribution);
    case bundle::Family::kUncertain:
      return TrainedRanges(uncertain::UncertainDistribution());
    case bundle::Family::kFreshness:
      return TrainedRanges(freshness::FreshnessDistribution());
  }
  return {};
}

Metrics MetricsOf(const EvaluationReport& report) {
  const MethodSummary& policy = report.methods[static_cast<std::size_t>(Method::kPolicy)];
  const MethodSummary& posted = report.methods[static_cast<std::size_t>(Method::kPolicyPosted)];
  Metrics metrics = {{"infeasible_share", std::max(policy.infeasible_share, posted.infeasible_share)}};
  if (policy.ratio.markets > 0) {
    metrics.insert(
        {{"ratio_mean", policy.ratio.mean}, {"ratio_p01", policy.ratio.p01}, {"ratio_min", policy.ratio.min}});
  }
  return metrics;
}

Metrics MetricsOf(const UnsolvedReport& report, const EvaluationOptions& options) {
  const UnsolvedSummary& policy = report.methods[static_cast<std::size_t>(UnsolvedMethod::kPolicy)];
  const UnsolvedSummary& posted = report.methods[static_cast<std::size_t>(UnsolvedMethod::kPolicyPosted)];
  Metrics metrics = {{"infeasible_share", std::max(policy.infeasible_share, posted.infeasible_share)},
                     {"reference_evaluations", options.reference_evaluations}};
  if (policy.of_best.markets > 0) {
    metrics.insert({{"ratio_bound_mean", policy.of_bound.mean},
                    {"ratio_best_mean", policy.of_best.mean},
                    {"ratio_best_p01", policy.of_best.p01},
                    {"ratio_best_min", policy.of_best.min}});
  }
  return metrics;
}

absl::StatusOr<Metrics> Evaluate(const bundle::Bundle& bundle, const EvaluationOptions& options) {
  if (bundle.manifest().family == bundle::Family::kScreening) {
    const absl::StatusOr<std::vector<MarketOutcome>> outcomes = EvaluateBundle(bundle, options);
    if (!outcomes.ok()) return outcomes.status();
    return MetricsOf(Report(*outcomes));
  }
  const absl::StatusOr<std::vector<UnsolvedOutcome>> outcomes = EvaluateUnsolved(bundle, options);
  if (!outcomes.ok()) return outcomes.status();
  return MetricsOf(Report(*outcomes), options);
}

// The policy is measured as it will be served: from a bundle on disk.
absl::StatusOr<Metrics> Measure(const std::filesystem::path& root, const bundle::Manifest& manifest,
                                const policy::DiffusionPolicy& policy, const ExportOptions& options) {
  const absl::StatusOr<bundle::TemporaryDirectory> draft = bundle::TemporaryDirectory::Create(root, "draft");
  if (!draft.ok()) return draft.status();
  if (absl::Status status = bundle::WriteBundle(draft->path(), manifest, policy); !status.ok()) return status;
  const auto loaded = bundle::Bundle::Load(FolderOf(draft->path(), options));
  if (!loaded.ok()) return loaded.status();
  absl::StatusOr<Metrics> metrics = Evaluate(**loaded, options.evaluation);
  if (!metrics.ok()) return metrics.status();
  metrics->insert({{"heldout_markets", options.evaluation.markets},
                   {"heldout_seed", static_cast<double>(options.evaluation.seed)},
                   {"samples", options.evaluation.samples}});
  return metrics;
}

Metrics CostOf(const RunSummary& run) {
  return {{"train_iterations", static_cast<double>(run.iteration)},
          {"train_wall_seconds", run.cost.wall_seconds},
          {"train_cpu_seconds", run.cost.cpu_seconds},
          {"train_energy_kwh", EnergyKwh(run.cost, run.power)},
          {"train_co2_g", Co2Grams(run.cost, run.power)},
          {"train_steps_per_second", StepsPerSecond(run)}};
}

}  // namespace

absl::StatusOr<std::filesystem::path> ExportPolicy(const std::filesystem::path& root, policy::DiffusionPolicy policy,
                                                   const ExportOptions& options) {
  const std::filesystem::path folder = FolderOf(root, options);
  if (std::filesystem::exists(folder)) return absl::AlreadyExistsError(absl::StrCat(folder.string(), ": exists"));
  std::error_code error;
  std::filesystem::create_directories(root, error);
  if (error) return absl::ErrnoToStatus(error.value(), absl::StrCat("cannot create ", root.string()));

  bundle::Manifest manifest;
  manifest.family = options.family;
  manifest.name = options.name;
  manifest.version = options.version;
  manifest.ranges = RangesOf(options);
  manifest.training_command = options.training_command;
  manifest.seed = options.training_seed;
  manifest.trainer_version = options.trainer_version;
  absl::StatusOr<Metrics> metrics = Measure(root, manifest, policy, options);
  if (!metrics.ok()) return metrics.status();
  manifest.metrics = *std::move(metrics);
  if (options.run) manifest.metrics.merge(CostOf(*options.run));
  if (absl::Status status = bundle::WriteBundle(root, manifest, policy, {options.secret_key}); !status.ok()) {
    return status;
  }
  return folder;
}

}  // namespace giot::trainer
