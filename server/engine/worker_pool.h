#pragma once

#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "server/engine/mutex.h"

namespace giot::engine {

// Threads for work that takes milliseconds: gRPC has few of its own, and who held
// them up would hold up every call. Thread-safe.
class WorkerPool {
 public:
  // Requires threads >= 1.
  explicit WorkerPool(int threads);
  // Waits for all work that it was given.
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // Calls `work` once, as soon as a thread is free. Whoever calls bounds how much
  // waits (Admission).
  void Run(std::function<void()> work);

 private:
  void Loop();
  // The next piece of work; null once there will be no more.
  std::function<void()> Take();

  Mutex mutex_;
  Condition changed_;
  std::deque<std::function<void()>> waiting_ ABSL_GUARDED_BY(mutex_);
  bool closing_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace giot::engine
