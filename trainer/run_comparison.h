#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "trainer/run_summary.h"
#include "trainer/training_run.h"

namespace giot::trainer {

// What a run's folder says of it.
struct RunRecord {
  std::map<std::string, std::string> settings;  // config.flags, without the dashes.
  RunSummary summary;
};

// NotFound, naming the file, if the folder holds no run or one without a summary yet; DataLoss
// if its summary is malformed.
absl::StatusOr<RunRecord> ReadRun(const RunFolder& folder);

// The newest version of the bundle that the run ended with, of the first name if there are
// several; nullopt if there is none.
std::optional<std::filesystem::path> NewestBundle(const RunFolder& folder);

// A table for people of two runs, called A and B: settings that differ, the newest
// validation, and what they cost.
std::string CompareRuns(const RunRecord& a, const RunRecord& b);

// The same for their policies' shares of the best on the same markets, at least two: both means and
// 1st percentiles, and the mean of B - A with its 95 % interval. Both in one order.
std::string CompareShares(absl::Span<const double> a, absl::Span<const double> b);

}  // namespace giot::trainer
