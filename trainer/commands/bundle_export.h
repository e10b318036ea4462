#pragma once

#include <filesystem>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "models/policy/diffusion_policy.h"
#include "trainer/commands/training_flags.h"
#include "trainer/learning/algorithm.h"
#include "trainer/training_run.h"

namespace giot::trainer {

// FailedPrecondition, saying why, if what the algorithm learned cannot be a bundle: a
// bundle holds a diffusion policy of one of bundle::Family, as those who load it make it.
absl::Status CheckExportable(const TrainingSettings& settings, const Algorithm& algorithm);

// Checks the flags that ExportBundle reads, before time is spent on training.
absl::Status CheckExportFlags(const TrainingSettings& settings);

// Writes the policy as <root>/<name>/<version>, named and signed as the flags
// say, with the figures of an evaluation on --markets held-out markets and what the run
// has used so far in its manifest. Returns the bundle's folder. AlreadyExists if it is
// there; else errors as ExportPolicy. Requires CheckExportable.
absl::StatusOr<std::filesystem::path> ExportBundle(const std::filesystem::path& root, const RunFolder& run,
                                                   const TrainingSettings& settings, policy::DiffusionPolicy policy);

}  // namespace giot::trainer
