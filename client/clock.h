#pragma once

#include "absl/time/time.h"

namespace giot::client {

// What retrying needs of time; tests step a fake by hand. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual absl::Time Now() = 0;
  virtual void Sleep(absl::Duration duration) = 0;

  // The machine's; lives for ever.
  static Clock& Real();
};

}  // namespace giot::client
