#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "models/policy/diffusion_policy.h"
#include "trainer/evaluation/evaluate.h"

namespace giot::trainer {

struct ExportOptions {
  std::string name;  // Of the model.
  int version = 1;
  std::string training_command;
  std::uint64_t training_seed = 0;
  std::string trainer_version;
  EvaluationOptions evaluation;           // Held-out markets; its results go into the manifest.
  std::optional<std::string> secret_key;  // Signs the manifest.
};

// Writes <root>/<name>/<version>/, with the metrics of an evaluation of that very
// policy in its manifest, and returns that path. `policy` must lie on the CPU.
// AlreadyExists if that version is there; else errors as bundle::WriteBundle and
// EvaluateBundle. Leaves nothing behind on failure.
absl::StatusOr<std::filesystem::path> ExportPolicy(const std::filesystem::path& root, policy::DiffusionPolicy policy,
                                                   const ExportOptions& options);

}  // namespace giot::trainer
