#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "trainer/accounting/run_cost.h"
#include "trainer/logging/scalars.h"

namespace giot::trainer {

// How a run stands: summary.json of its folder.
struct RunSummary {
  // "running", "stopped" (can be resumed), "completed", or "plateau" (ended early).
  std::string state = "running";
  std::int64_t iteration = 0;
  Scalars validation;  // The newest.
  RunCost cost;        // Work that a crash lost is included: it was paid for.
  PowerModel power;

  bool finished() const { return state == "completed" || state == "plateau"; }
};

// Iterations over the wall-clock time of the run, validation and saving included; 0 for
// no time.
double StepsPerSecond(const RunSummary& summary);

// Replaces the file whole or not at all. Energy and emissions are written beside the
// usage they follow from.
absl::Status WriteRunSummary(const std::filesystem::path& path, const RunSummary& summary);

// NotFound if there is no such file, DataLoss naming it if it is malformed.
absl::StatusOr<RunSummary> ReadRunSummary(const std::filesystem::path& path);

}  // namespace giot::trainer
