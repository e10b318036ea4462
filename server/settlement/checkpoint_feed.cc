#include "server/settlement/checkpoint_feed.h"

#include <utility>

#include "absl/status/statusor.h"

namespace giot::settlement {

absl::Status CheckpointFeed::Poll() {
  const absl::StatusOr<std::string> note = driver_.LatestCheckpoint();
  if (absl::IsNotFound(note.status())) return absl::OkStatus();
  if (!note.ok()) return note.status();
  const engine::MutexLock lock(&mutex_);
  if (*note == newest_) return absl::OkStatus();
  newest_ = *note;
  for (const auto& [number, watcher] : watchers_) watcher(newest_);
  return absl::OkStatus();
}

int CheckpointFeed::Watch(Watcher watcher) {
  const engine::MutexLock lock(&mutex_);
  if (!newest_.empty()) watcher(newest_);
  const int number = next_number_++;
  watchers_.emplace(number, std::move(watcher));
  return number;
}

void CheckpointFeed::Leave(int number) {
  const engine::MutexLock lock(&mutex_);
  watchers_.erase(number);
}

}  // namespace giot::settlement
