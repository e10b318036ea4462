#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "trainer/accounting/cost_meter.h"
#include "trainer/distributed/communicator.h"
#include "trainer/learning/algorithm.h"
#include "trainer/logging/progress.h"
#include "trainer/plateau.h"
#include "trainer/validation.h"

namespace giot::trainer {

// Where a run keeps what.
struct RunFolder {
  std::filesystem::path root;

  std::filesystem::path config() const { return root / "config.flags"; }
  std::filesystem::path checkpoints() const { return root / "checkpoints"; }
  std::filesystem::path metrics() const { return root / "metrics.jsonl"; }
  std::filesystem::path summary() const { return root / "summary.json"; }
  std::filesystem::path tensorboard() const { return root / "tensorboard"; }
  std::filesystem::path bundles() const { return root / "bundle"; }
};

// How often what is done, in iterations; all positive. The last iteration of a
// run logs, validates and saves in any case.
struct RunSchedule {
  std::int64_t log_every = 100;
  std::int64_t validate_every = 1000;
  std::int64_t checkpoint_every = 1000;
  int keep_checkpoints = 3;
  PlateauConfig early_stop;  // On validation_mean; for a run of one process.
};

enum class RunEnd { kCompleted, kStopped, kPlateau };

// Runs `algorithm` from the iteration it is at to its last, writing
// metrics.jsonl, event files and checkpoints. `should_stop` is asked before
// every step; once it says so, one more step is taken and saved. Metrics and
// states are the same however often a run is stopped and resumed; metrics.jsonl
// is cut back to the iteration it continues from. OutOfRange, with the
// diagnosis and the checkpoint to go back to, if the algorithm diverges:
// nothing is saved then. kPlateau if the validation ended the run early, as it does
// again, without a step, if such a run is resumed. summary.json is written with every
// checkpoint, with the cost that `meter` reads.
//
// One process of several runs this; the others follow. All stop, within eight steps, when
// `should_stop` says so on any of them, and keeps saying so. Unavailable if one of them is gone, with the checkpoint to go back to.
absl::StatusOr<RunEnd> RunTraining(Algorithm& algorithm, const Validation& validation, const RunFolder& folder,
                                   const RunSchedule& schedule, const std::function<bool()>& should_stop,
                                   Progress& progress, Communicator& communicator, const CostMeter& meter,
                                   const PowerModel& power);

// Takes the same steps as the process that runs RunTraining, and writes nothing.
absl::StatusOr<RunEnd> FollowTraining(Algorithm& algorithm, const std::function<bool()>& should_stop,
                                      Communicator& communicator);

}  // namespace giot::trainer
