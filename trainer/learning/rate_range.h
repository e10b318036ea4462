#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "trainer/learning/algorithm.h"

namespace giot::trainer {

// One step of a range test.
struct RateSample {
  double rate = 0.0;
  double loss = 0.0;      // Minus the reward, for an algorithm that reports one.
  double smoothed = 0.0;  // Exponential mean of the losses, corrected for its start.
};

struct RateRange {
  std::vector<RateSample> samples;  // By rising rate.
  double suggestion = 0.0;          // A tenth of the rate with the least smoothed loss.
};

// The learning-rate range test (Smith 2017, "Cyclical learning rates", section 3.3): takes
// all steps of `algorithm`, whose optimization must have a first_rate, and looks at what its
// loss does as the rate rises. A step that is not finite ends it. FailedPrecondition if
// the loss only ever rose.
absl::StatusOr<RateRange> TestRates(Algorithm& algorithm);

}  // namespace giot::trainer
