#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <memory>

#include "models/policy/environment.h"
#include "trainer/learning/algorithm.h"
#include "trainer/logging/scalars.h"

namespace giot::trainer {

// A few held-out markets that training looks at now and then: one sample each,
// judged in double precision. EvaluateBundle is the full measurement.
class Validation {
 public:
  // Draws `count` markets, the same for the same seed; fewer if the environment
  // hardly has any with a positive reference.
  Validation(const policy::Environment& environment, int count, std::uint64_t seed, torch::Device device);

  // Mean, 1st percentile and minimum of the utility's share of the reference, and the
  // share of menus that are not feasible; empty if there is no market.
  Scalars Measure(const Algorithm& algorithm) const;

 private:
  std::unique_ptr<policy::HeldOutMarkets> markets_;
  policy::MarketBatch batch_;  // On the device.
  int channels_;
  std::uint64_t seed_;
  torch::Device device_;
};

}  // namespace giot::trainer
