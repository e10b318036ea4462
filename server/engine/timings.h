#pragma once

#include <chrono>

#include "absl/time/time.h"

namespace giot::engine {

// Where the time of an answer went.
struct Timings {
  absl::Duration exact;    // The optimum or the upper bound: what a menu is measured against.
  absl::Duration policy;   // Sampling, decoding, polish and search.
  absl::Duration certify;  // Posting and audit.
};

// Adds the time it lives to a duration, which must outlive it.
class Stopwatch {
 public:
  explicit Stopwatch(absl::Duration& total) : total_(total) {}
  ~Stopwatch() { total_ += absl::FromChrono(std::chrono::steady_clock::now() - start_); }
  Stopwatch(const Stopwatch&) = delete;
  Stopwatch& operator=(const Stopwatch&) = delete;

 private:
  absl::Duration& total_;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace giot::engine
