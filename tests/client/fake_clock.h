#pragma once

#include <vector>

#include "absl/time/time.h"
#include "client/clock.h"

namespace giot::client {

// Stands still until somebody sleeps or advances it. For one thread.
class FakeClock final : public Clock {
 public:
  // Starting at the machine's time keeps gRPC's own deadlines in the future.
  explicit FakeClock(absl::Time now = absl::UnixEpoch()) : now_(now) {}

  absl::Time Now() override { return now_; }
  void Sleep(absl::Duration duration) override {
    sleeps_.push_back(duration);
    now_ += duration;
  }
  void Advance(absl::Duration duration) { now_ += duration; }
  const std::vector<absl::Duration>& sleeps() const { return sleeps_; }

 private:
  absl::Time now_;
  std::vector<absl::Duration> sleeps_;
};

}  // namespace giot::client
