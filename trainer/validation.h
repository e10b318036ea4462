#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <vector>

#include "models/contract/market_sampler.h"
#include "models/policy/diffusion_policy.h"
#include "models/policy/market_batch.h"
#include "trainer/logging/scalars.h"

namespace giot::trainer {

// A few held-out markets that training looks at now and then: one sample each,
// decoded in double precision. EvaluateBundle is the full measurement.
class Validation {
 public:
  // Draws `count` markets with a positive optimum, the same for the same seed;
  // fewer if the distribution hardly has any.
  Validation(const contract::MarketDistribution& distribution, int count, std::uint64_t seed, torch::Device device);

  // Mean, 1st percentile and minimum of the utility's share of the optimum; empty if
  // there is no market.
  Scalars Measure(policy::DiffusionPolicy policy) const;

 private:
  std::vector<contract::ScreeningMarket> markets_;
  std::vector<double> optima_;  // Money.
  policy::MarketBatch batch_;
  std::uint64_t seed_;
  torch::Device device_;
};

}  // namespace giot::trainer
