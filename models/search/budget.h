#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <limits>

namespace giot::search {

// A monotonic clock; tests step a fake by hand.
using Clock = std::function<std::chrono::steady_clock::time_point()>;

// What a search may spend: it ends with whichever runs out first. The clock is
// read before every evaluation, so that a search overruns its deadline by one
// evaluation at most.
struct Budget {
  std::int64_t evaluations = std::numeric_limits<std::int64_t>::max();
  std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
  Clock clock = std::chrono::steady_clock::now;
};

// The moment at which a search found something better.
struct Improvement {
  std::chrono::nanoseconds elapsed{};  // Since the search began.
  std::int64_t evaluations = 0;        // Of the objective, this one included.
  double value = 0.0;                  // The best so far.
};

// Called at each improvement, in order; `value` and `elapsed` never decrease.
using ImprovementCallback = std::function<void(const Improvement&)>;

}  // namespace giot::search
