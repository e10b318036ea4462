#include "trainer/policy_export.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <memory>
#include <system_error>
#include <vector>

#include "absl/strings/str_cat.h"
#include "models/bundle/bundle.h"
#include "models/bundle/bundle_files.h"
#include "models/bundle/bundle_writer.h"
#include "trainer/evaluation/report.h"
#include "trainer/trained_ranges.h"

namespace giot::trainer {
namespace {

std::filesystem::path FolderOf(const std::filesystem::path& root, const ExportOptions& options) {
  return root / options.name / std::to_string(options.version);
}

// The policy is measured as it will be served: from a bundle on disk.
absl::StatusOr<EvaluationReport> Measure(const std::filesystem::path& root, const bundle::Manifest& manifest,
                                         const policy::DiffusionPolicy& policy, const ExportOptions& options) {
  const absl::StatusOr<bundle::TemporaryDirectory> draft = bundle::TemporaryDirectory::Create(root, "draft");
  if (!draft.ok()) return draft.status();
  if (absl::Status status = bundle::WriteBundle(draft->path(), manifest, policy); !status.ok()) return status;
  const auto loaded = bundle::Bundle::Load(FolderOf(draft->path(), options));
  if (!loaded.ok()) return loaded.status();
  const absl::StatusOr<std::vector<MarketOutcome>> outcomes = EvaluateBundle(**loaded, options.evaluation);
  if (!outcomes.ok()) return outcomes.status();
  return Report(*outcomes);
}

std::map<std::string, double> Metrics(const EvaluationReport& report, const ExportOptions& options) {
  const MethodSummary& policy = report.methods[static_cast<std::size_t>(Method::kPolicy)];
  const MethodSummary& posted = report.methods[static_cast<std::size_t>(Method::kPolicyPosted)];
  std::map<std::string, double> metrics = {
      {"heldout_markets", static_cast<double>(report.markets)},
      {"heldout_seed", static_cast<double>(options.evaluation.seed)},
      {"samples", static_cast<double>(options.evaluation.samples)},
      {"infeasible_share", std::max(policy.infeasible_share, posted.infeasible_share)},
  };
  if (policy.ratio.markets > 0) {
    metrics.insert(
        {{"ratio_mean", policy.ratio.mean}, {"ratio_p01", policy.ratio.p01}, {"ratio_min", policy.ratio.min}});
  }
  return metrics;
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
  manifest.name = options.name;
  manifest.version = options.version;
  manifest.ranges = TrainedRanges(options.evaluation.distribution);
  manifest.training_command = options.training_command;
  manifest.seed = options.training_seed;
  manifest.trainer_version = options.trainer_version;
  const absl::StatusOr<EvaluationReport> report = Measure(root, manifest, policy, options);
  if (!report.ok()) return report.status();
  manifest.metrics = Metrics(*report, options);
  if (absl::Status status = bundle::WriteBundle(root, manifest, policy, {options.secret_key}); !status.ok()) {
    return status;
  }
  return folder;
}

}  // namespace giot::trainer
