#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "server/engine/mutex.h"
#include "server/ledger/driver.h"
#include "server/ledger/proof/transaction.h"

namespace giot::ledger {

// What waits for a driver's writer: transactions with their callbacks, and reads. Bounded; closed
// once, for a reason that everybody is then told. Thread-safe; one thread takes.
class WriterQueue {
 public:
  struct Waiting {
    OpenedTransaction transaction;
    Driver::Done done;
  };

  WriterQueue(std::size_t most, std::size_t most_bytes) : most_(most), most_bytes_(most_bytes) {}

  // Whether a transaction of so many bytes would be taken now: ResourceExhausted, or why it was closed.
  absl::Status Admits(std::size_t bytes) const;
  // Takes it if Admits; else leaves it alone.
  absl::Status Add(Waiting& waiting);

  // Has the taker call `read`, and waits for its end.
  absl::Status Run(const std::function<absl::Status()>& read);

  // For the taker. Blocks until something waits or it is closed; then `closed`, and there is nothing more.
  struct Work {
    std::vector<Waiting> group;  // At most `most`, oldest first.
    bool closed = false;
  };
  Work Take(std::size_t most);
  // Calls the reads that wait now.
  void CallReads();

  // Whoever comes later is told `reason`, which is not OK; only the first call counts.
  void Close(absl::Status reason);
  // Once it is closed, and the taker has taken its last: tells the reason to all that still wait.
  void AnswerAll();

 private:
  struct Reading {
    explicit Reading(const std::function<absl::Status()>& call) : read(call) {}

    const std::function<absl::Status()>& read;
    absl::Status status;
    bool finished = false;
  };

  absl::Status AdmitsLocked(std::size_t bytes) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::deque<Reading*> TakeReads();
  void Finish(Reading& reading, absl::Status status);

  const std::size_t most_;
  const std::size_t most_bytes_;
  mutable engine::Mutex mutex_;
  engine::Condition changed_;   // For the taker.
  engine::Condition finished_;  // For readers.
  std::deque<Waiting> waiting_ ABSL_GUARDED_BY(mutex_);
  std::size_t waiting_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  std::deque<Reading*> readings_ ABSL_GUARDED_BY(mutex_);
  absl::Status closed_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace giot::ledger
