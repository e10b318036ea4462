#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "models/quality/source_history.h"
#include "server/quality/nonce_secret.h"

namespace giot::scoring {

// An image that a source sent, the source being known by the SHA-256 of its id. A recording or a
// report is kept in the same form; see HistoryName and KeepReport.
struct HistoryRecord {
  Digest source{};
  quality::SeenImage image;
};

// A file that scored images are appended to. What was appended survives the end of
// the process, however it ends; what the system had not written by itself when the
// machine loses power does not.
//
// The file is "giot history 1\n" and records of 104 bytes, integers and the bits of
// doubles in eight bytes, least significant first: source (32), SHA-256 of the image
// (32), perceptual hash, captured_at_us, latitude, longitude, and a check: the first eight bytes of
// the SHA-256 of the record's bytes before it.
class HistoryFile {
 public:
  // Reads what is there, oldest first, and keeps the file locked from then on. A
  // missing file is created. A record that the end of the file cuts off was being written
  // when a process ended: it is dropped. DataLoss naming the offset of a record that is not as it
  // was written, or if the file is none of these; Unavailable if it cannot be read or written, or
  // another process has it.
  static absl::StatusOr<HistoryFile> Open(const std::filesystem::path& path,
                                          const std::function<void(const HistoryRecord&)>& each);

  HistoryFile(HistoryFile&& other) noexcept;
  HistoryFile& operator=(HistoryFile&&) = delete;
  // Has the system write everything.
  ~HistoryFile();

  // Unavailable if it cannot be written; the file is then as it was, or ends in half a record that the next
  // Append overwrites.
  absl::Status Append(const HistoryRecord& record);

  // Makes these the file's records, whole or not at all, durably. Unavailable if that fails.
  absl::Status Replace(const std::vector<HistoryRecord>& records);

  std::int64_t records() const { return records_; }

 private:
  HistoryFile(std::filesystem::path path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}

  absl::Status Load(const std::function<void(const HistoryRecord&)>& each);

  std::filesystem::path path_;
  int descriptor_ = -1;
  std::int64_t records_ = 0;
};

}  // namespace giot::scoring
