#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "trainer/learning/algorithm.h"

namespace giot::trainer {

// The newest few states of a run, one file each, <directory>/<iteration>.pt.
// A file appears whole or not at all. One thread at a time.
class CheckpointStore {
 public:
  // Keeps the newest `keep` >= 1 checkpoints.
  CheckpointStore(std::filesystem::path directory, int keep);

  // Writes the state durably under its iteration, then drops old checkpoints.
  absl::Status Save(const Algorithm& algorithm) const;

  // Iteration of the newest checkpoint; nullopt if there is none.
  std::optional<std::int64_t> Newest() const;
  std::filesystem::path PathOf(std::int64_t iteration) const;

  // Restores the newest checkpoint. NotFound if there is none; InvalidArgument,
  // naming the file, if it is damaged or of another configuration.
  absl::Status LoadNewest(Algorithm& algorithm, torch::Device device) const;

 private:
  const std::filesystem::path directory_;
  const int keep_;
};

// Restores one checkpoint file, written on any device. NotFound, or
// InvalidArgument naming the file.
absl::Status LoadCheckpoint(const std::filesystem::path& path, Algorithm& algorithm, torch::Device device);

}  // namespace giot::trainer
