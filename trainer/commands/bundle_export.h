#pragma once

#include <filesystem>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "models/policy/diffusion_policy.h"
#include "trainer/commands/training_flags.h"
#include "trainer/learning/algorithm.h"

namespace giot::trainer {

// Checks the flags that ExportBundle reads, before time is spent on training.
absl::Status CheckExportFlags();

// FailedPrecondition, saying why, if what the algorithm learned cannot be a bundle.
absl::Status CheckExportable(const TrainingSettings& settings, const Algorithm& algorithm);

// Writes the policy as <root>/<name>/<version>, named and signed as the flags
// say, with the figures of an evaluation on --markets held-out markets in its
// manifest. Returns the bundle's folder. AlreadyExists if it is there; else
// errors as ExportPolicy.
absl::StatusOr<std::filesystem::path> ExportBundle(const std::filesystem::path& root, const TrainingSettings& settings,
                                                   policy::DiffusionPolicy policy);

}  // namespace giot::trainer
