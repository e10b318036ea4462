#include "trainer/commands/bundle_export.h"

#include <string>
#include <utility>

#include "absl/flags/flag.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "cmake/version.h"
#include "trainer/commands/evaluation_flags.h"
#include "trainer/commands/flag_range.h"
#include "trainer/policy_export.h"
#include "trainer/signing_key.h"

ABSL_FLAG(std::string, model_name, "screening", "name of the bundle");
ABSL_FLAG(int, model_version, 1, "version of the bundle, positive");
ABSL_FLAG(std::string, signing_key_file, "",
          "file of mode 0600 with an Ed25519 secret key (128 hex digits) that signs the bundle; empty: not signed");

namespace giot::trainer {
namespace {

absl::StatusOr<ExportOptions> ExportOptionsFromFlags() {
  absl::StatusOr<EvaluationOptions> evaluation = EvaluationOptionsFromFlags();
  if (!evaluation.ok()) return evaluation.status();
  evaluation->spread_samples = 0;
  ExportOptions options;
  options.name = absl::GetFlag(FLAGS_model_name);
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
  if (settings.environment->name() != "screening") {
    return absl::FailedPreconditionError(
        absl::StrCat("bundles hold policies for the screening market, not for ", settings.environment->name()));
  }
  if (algorithm.policy()) return absl::OkStatus();
  return absl::FailedPreconditionError("this algorithm learns no diffusion policy");
}

absl::Status CheckExportFlags() { return ExportOptionsFromFlags().status(); }

absl::StatusOr<std::filesystem::path> ExportBundle(const std::filesystem::path& root, const TrainingSettings& settings,
                                                   policy::DiffusionPolicy policy) {
  absl::StatusOr<ExportOptions> options = ExportOptionsFromFlags();
  if (!options.ok()) return options.status();
  options->training_command = absl::StrCat("giot-trainer train ", absl::StripAsciiWhitespace(TrainingFlags(" ")));
  options->training_seed = settings.optimization.seed;
  options->trainer_version = std::string(kVersion);
  policy->to(torch::kCPU);
  return ExportPolicy(root, std::move(policy), *options);
}

}  // namespace giot::trainer
