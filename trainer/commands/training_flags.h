#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "models/policy/environment.h"
#include "trainer/learning/optimization.h"
#include "trainer/training_run.h"

namespace giot::trainer {

enum class AlgorithmName { kPathwise, kCritic, kPpo, kSac, kSupervised };

// Everything that decides what a run computes and logs.
struct TrainingSettings {
  std::shared_ptr<const policy::Environment> environment;
  AlgorithmName algorithm = AlgorithmName::kPathwise;
  policy::PolicyConfig policy;
  OptimizationConfig optimization;
  RunSchedule schedule;
  std::int64_t pool = 0;  // Of supervised training.
  int validation_markets = 0;
  bool deterministic = false;
  bool virtual_cost_features = true;
  bool cuda_graph = true;
};

// From the flags. InvalidArgument naming the flag that makes no sense.
absl::StatusOr<TrainingSettings> TrainingSettingsFromFlags();

// Whether a flag is one of those in config.flags.
bool IsTrainingFlag(absl::string_view name);

// The training flags' current values as --name=value, each followed by
// `separator`: a run's config.flags, and its command in the manifest.
std::string TrainingFlags(absl::string_view separator);

// Sets the training flags to what config.flags says. NotFound if there is no
// such file; InvalidArgument if a line is no training flag, or if the command
// line gave that flag another value.
absl::Status ReadTrainingFlags(const std::filesystem::path& config);

// The device that --device names; of several accelerators, number `local_rank`. FailedPrecondition if this LibTorch or
// machine has none such.
absl::StatusOr<torch::Device> DeviceFromFlags(int local_rank);

}  // namespace giot::trainer
