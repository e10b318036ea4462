#pragma once

#include <unordered_set>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "server/engine/mutex.h"

namespace giot::rpc {

// A call that stays open until it is asked to end.
class Drainable {
 public:
  // Ends the call, with UNAVAILABLE, once it has answered the request it is at.
  virtual void Drain() = 0;

 protected:
  ~Drainable() = default;
};

// The open streams of a service, so that they can be counted and drained. Thread-safe.
class OpenStreams {
 public:
  // Requires limit >= 1.
  explicit OpenStreams(int limit) : limit_(limit) {}

  // Unavailable while draining, ResourceExhausted at the limit.
  absl::Status Add(Drainable* stream);
  // Nothing if it was not taken in.
  void Remove(Drainable* stream);
  // A stream leaves before it dies, so none can go while it is drained.
  void Drain();

 private:
  const int limit_;
  engine::Mutex mutex_;
  bool draining_ ABSL_GUARDED_BY(mutex_) = false;
  std::unordered_set<Drainable*> open_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace giot::rpc
