#include "trainer/commands/bundle_export.h"

#include <optional>
#include <string>
#include <utility>

#include "absl/flags/flag.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "cmake/version.h"
#include "models/bundle/family.h"
#include "trainer/commands/evaluation_flags.h"
#include "trainer/commands/flag_range.h"
#include "trainer/policy_export.h"
#include "trainer/run_summary.h"
#include "trainer/signing_key.h"

ABSL_FLAG(std::string, model_name, "", "name of the bundle; empty: that of the market");
ABSL_FLAG(int, model_version, 1, "version of the bundle, positive");
ABSL_FLAG(std::string, signing_key_file, "",
          "file of mode 0600 with an Ed25519 secret key (128 hex digits) that signs the bundle; empty: not signed");

namespace giot::trainer {
namespace {

// The family of the run's markets; nullopt if bundles know none such.
std::optional<bundle::Family> FamilyOf(const TrainingSettings& settings) {
  return bundle::ParseFamily(settings.environment->name());
}

absl::StatusOr<ExportOptions> ExportOptionsFromFlags(bundle::Family family) {
  absl::StatusOr<EvaluationOptions> evaluation = EvaluationOptionsFromFlags(family);
  if (!evaluation.ok()) return evaluation.status();
  evaluation->spread_samples = 0;
  ExportOptions options;
  options.family = family;
  options.name = absl::GetFlag(FLAGS_model_name);
  if (options.name.empty()) options.name = std::string(bundle::NameOf(family));
  options.version = absl::GetFlag(FLAGS_model_version);
  options.evaluation = *std::move(evaluation);
  FlagRange check;
  check.Within("model_version", options.version, 1, 1e9);
  if (!check.status().ok()) return check.status();
  if (const std::string file = absl::GetFlag(FLAGS_signing_key_file); !file.empty()) {
    absl::StatusOr<std::string> key = ReadSigningKey(file);
    if (!key.ok()) return key.status();
    options.secret_key = *std::move(key);
  }
  return options;
}

}  // namespace

absl::Status CheckExportable(const TrainingSettings& settings, const Algorithm& algorithm) {
  if (!FamilyOf(settings)) {
    return absl::FailedPreconditionError(
        absl::StrCat("bundles hold no policies for ", settings.environment->name(), " markets"));
  }
  if (!settings.virtual_cost_features || !settings.policy.projected_clamp) {
    return absl::FailedPreconditionError(
        "an ablation is no model to serve: it was trained with --virtual_cost_features=false or "
        "--projected_clamp=false");
  }
  if (algorithm.policy()) return absl::OkStatus();
  return absl::FailedPreconditionError("this algorithm learns no diffusion policy");
}

absl::Status CheckExportFlags(const TrainingSettings& settings) {
  return ExportOptionsFromFlags(FamilyOf(settings).value_or(bundle::Family::kScreening)).status();
}

absl::StatusOr<std::filesystem::path> ExportBundle(const std::filesystem::path& root, const RunFolder& run,
                                                   const TrainingSettings& settings, policy::DiffusionPolicy policy) {
  absl::StatusOr<ExportOptions> options = ExportOptionsFromFlags(FamilyOf(settings).value());
  if (!options.ok()) return options.status();
  options->training_command = absl::StrCat("giot-trainer train ", absl::StripAsciiWhitespace(TrainingFlags(" ")));
  options->training_seed = settings.optimization.seed;
  options->trainer_version = std::string(kVersion);
  absl::StatusOr<RunSummary> summary = ReadRunSummary(run.summary());
  if (!summary.ok() && !absl::IsNotFound(summary.status())) return summary.status();
  if (summary.ok()) options->run = *std::move(summary);
  policy->to(torch::kCPU);
  return ExportPolicy(root, std::move(policy), *options);
}

}  // namespace giot::trainer
