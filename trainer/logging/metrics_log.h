#pragma once

#include <cstdint>
#include <filesystem>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "trainer/logging/append_file.h"
#include "trainer/logging/scalars.h"

namespace giot::trainer {

// One line of metrics.jsonl.
struct MetricsRow {
  std::int64_t iteration = 0;
  Scalars scalars;
};

// metrics.jsonl: one JSON object a line, {"iteration": n, "<name>": value, ...}.
// It holds nothing that depends on the clock, so that two runs of one
// configuration write the same bytes. One thread at a time.
class MetricsLog {
 public:
  // Opens `path` for a run that continues after `iteration` (0: from the
  // beginning): lines of later iterations and a torn last line are dropped.
  // DataLoss if an earlier line is malformed.
  static absl::StatusOr<MetricsLog> Open(const std::filesystem::path& path, std::int64_t iteration);

  absl::Status Write(const MetricsRow& row);
  absl::Status Sync() { return file_.Sync(); }

 private:
  explicit MetricsLog(AppendFile file) : file_(std::move(file)) {}

  AppendFile file_;
};

// NotFound if there is no such file, DataLoss naming the line if one of the
// complete lines is malformed. A torn last line is left out.
absl::StatusOr<std::vector<MetricsRow>> ReadMetrics(const std::filesystem::path& path);

}  // namespace giot::trainer
