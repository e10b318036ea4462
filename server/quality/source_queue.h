#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "server/engine/mutex.h"

namespace giot::scoring {

// Of what has been taken in and is not finished, waiting or being worked on.
struct QueueLimits {
  int deliveries = 64;
  std::int64_t bytes = std::int64_t{256} << 20;
};

// Threads of its own that work on what sources deliver: one thing of a source at a
// time, in order of arrival; sources take turns, so that none can keep the others
// waiting by sending much. Thread-safe.
class SourceQueue {
 public:
  // Told to whoever waits for the work, after the place that it took is free again.
  using Answer = std::function<void()>;
  using Work = std::function<Answer()>;

  // Requires threads >= 1.
  SourceQueue(int threads, const QueueLimits& limits);
  // Waits for everything that was taken in.
  ~SourceQueue();
  SourceQueue(const SourceQueue&) = delete;
  SourceQueue& operator=(const SourceQueue&) = delete;

  // Calls `work` once, on one of the threads. ResourceExhausted naming the limit if
  // there is no room for one more delivery, or for so many bytes.
  absl::Status Add(const std::string& source, std::int64_t bytes, Work work);

 private:
  struct Item {
    std::int64_t bytes = 0;
    Work work;
  };

  void Loop();
  // The source whose turn it is, and its next item; false once there will be no more.
  bool Take(std::string& source, Item& item);
  void Finish(const std::string& source, const Item& item);

  const QueueLimits limits_;
  engine::Mutex mutex_;
  engine::Condition changed_;
  int deliveries_ ABSL_GUARDED_BY(mutex_) = 0;
  std::int64_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  bool closing_ ABSL_GUARDED_BY(mutex_) = false;
  // What waits, of sources that wait or are being worked on.
  std::unordered_map<std::string, std::deque<Item>> waiting_ ABSL_GUARDED_BY(mutex_);
  // Sources with something that waits and nothing that is worked on, next turn first.
  std::deque<std::string> turns_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::thread> threads_;
};

}  // namespace giot::scoring
