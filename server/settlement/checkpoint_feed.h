#pragma once

#include <functional>
#include <map>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "server/engine/mutex.h"
#include "server/ledger/driver.h"

namespace giot::settlement {

// Tells watchers of new checkpoints. Thread-safe.
class CheckpointFeed {
 public:
  // A signed note, newer than the one before. Must not block, nor call the feed.
  using Watcher = std::function<void(const std::string& note)>;

  explicit CheckpointFeed(ledger::Driver& driver) : driver_(driver) {}

  // Looks for a new checkpoint, and tells of it. Waits for the ledger's writer. Errors of the driver; without any
  // checkpoint nothing is told.
  absl::Status Poll();

  // Told at once of the newest checkpoint there is, then of each newer one that Poll finds, until Leave. Returns the
  // number to leave with.
  int Watch(Watcher watcher);
  // The watcher is not called any more when it returns. Nothing if it has left.
  void Leave(int number);

 private:
  ledger::Driver& driver_;
  engine::Mutex mutex_;
  std::string newest_ ABSL_GUARDED_BY(mutex_);
  std::map<int, Watcher> watchers_ ABSL_GUARDED_BY(mutex_);
  int next_number_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace giot::settlement
