#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "trainer/logging/append_file.h"
#include "trainer/logging/scalars.h"

namespace giot::trainer {

// One TFRecord: length (uint64, little-endian), its masked CRC, payload, the
// payload's masked CRC.
std::string TfRecord(std::string_view payload);

// Serialised tensorflow.Event messages (tensorflow/core/util/event.proto).
// `wall_time` is seconds since the Unix epoch.
std::string VersionEvent(double wall_time);
// Tells TensorBoard to drop what earlier files say of `step` and later.
std::string RestartEvent(double wall_time, std::int64_t step);
std::string ScalarsEvent(double wall_time, std::int64_t step, const Scalars& scalars);

// Writes scalars to an event file that TensorBoard reads. One thread at a time.
class TensorboardWriter {
 public:
  // Starts a new file in `directory`, created if missing, for a run that
  // continues after `step` (0: from the beginning).
  static absl::StatusOr<TensorboardWriter> Open(const std::filesystem::path& directory, std::int64_t step);

  absl::Status Write(std::int64_t step, const Scalars& scalars);

 private:
  explicit TensorboardWriter(AppendFile file) : file_(std::move(file)) {}

  AppendFile file_;
};

}  // namespace giot::trainer
