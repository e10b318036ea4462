#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "models/bundle/family.h"
#include "models/policy/diffusion_policy.h"
#include "trainer/evaluation/evaluate.h"
#include "trainer/run_summary.h"

namespace giot::trainer {

struct ExportOptions {
  bundle::Family family = bundle::Family::kScreening;  // Of the policy's markets.
  std::string name;                                    // Of the model.
  int version = 1;
  std::string training_command;
  std::uint64_t training_seed = 0;
  std::string trainer_version;
  EvaluationOptions evaluation;           // Held-out markets; its results go into the manifest.
  std::optional<RunSummary> run;          // What training used; goes into the manifest.
  std::optional<std::string> secret_key;  // Signs the manifest.
};

// Writes <root>/<name>/<version>/, with the metrics of an evaluation of that very
// policy in its manifest, and returns that path. `policy` must lie on the CPU. For
// screening it is trained on options.evaluation.distribution, else on the family's own.
// Metrics, shares of the optimum (screening), of the upper bound or of the best found:
//   heldout_markets, heldout_seed, samples, infeasible_share (the larger of designed and posted)
//   ratio_mean, ratio_p01, ratio_min                                       screening
//   ratio_bound_mean, ratio_best_mean, ratio_best_p01, ratio_best_min,
//     reference_evaluations                                                other families
//   train_iterations, train_wall_seconds, train_cpu_seconds, train_energy_kwh,
//     train_co2_g, train_steps_per_second                                  with options.run
// AlreadyExists if that version is there; else errors as bundle::WriteBundle and
// EvaluateBundle. Leaves nothing behind on failure.
absl::StatusOr<std::filesystem::path> ExportPolicy(const std::filesystem::path& root, policy::DiffusionPolicy policy,
                                                   const ExportOptions& options);

}  // namespace giot::trainer
