#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string_view>
#include <unordered_map>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "models/quality/source_history.h"
#include "server/engine/mutex.h"
#include "server/quality/history_file.h"

namespace giot::scoring {

// The histories of the sources that sent something last, in memory and, where a
// file is given, across restarts. Each kind of data that a source sends on a channel is a source of its own
// here (HistoryName). Thread-safe.
class HistoryStore {
 public:
  // Keeps `max_sources` >= 1 sources, each with at most SourceHistory::kCapacity images. `path` may be
  // empty. Errors are those of HistoryFile::Open.
  static absl::StatusOr<std::unique_ptr<HistoryStore>> Open(std::size_t max_sources, const std::filesystem::path& path);

  // Empty for a source that is not known, or was forgotten.
  quality::SourceHistory Find(std::string_view source_id) const;

  // Appends to the source's history, and forgets the source that sent nothing for
  // longest where there are too many. Unavailable if the file could not be written; it is
  // remembered in memory all the same.
  absl::Status Remember(std::string_view source_id, const quality::SeenImage& image);

  std::size_t sources() const;

 private:
  struct Source {
    Digest id{};
    quality::SourceHistory history;
  };
  struct HashOf {
    std::size_t operator()(const Digest& digest) const;
  };

  explicit HistoryStore(std::size_t max_sources) : max_sources_(max_sources) {}

  void Append(const HistoryRecord& record) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status Write(const HistoryRecord& record) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Rewrites the file where most of it has been forgotten.
  absl::Status Compact() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::size_t max_sources_;
  mutable engine::Mutex mutex_;
  std::list<Source> sources_ ABSL_GUARDED_BY(mutex_);  // Who sent something last comes last.
  std::unordered_map<Digest, std::list<Source>::iterator, HashOf> by_id_ ABSL_GUARDED_BY(mutex_);
  std::size_t images_ ABSL_GUARDED_BY(mutex_) = 0;
  std::optional<HistoryFile> file_ ABSL_GUARDED_BY(mutex_);
  std::size_t compact_from_ ABSL_GUARDED_BY(mutex_) = 0;  // Records, after an attempt that failed.
};

}  // namespace giot::scoring
