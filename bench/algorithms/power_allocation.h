#pragma once

#include <memory>

#include "absl/types/span.h"
#include "models/policy/environment.h"

namespace giot::bench {

// Most of sum_i log2(1 + g_i p_i) over powers p_i >= 0 that sum to `power` > 0: p_i = max(0,
// mu - 1 / g_i), with the water level mu by bisection (Cover and Thomas 2006, section
// 9.4). Gains must not be negative, and one must be positive.
double WaterFillingRate(absl::Span<const double> gains, double power);

// How a policy sees the channels.
enum class PowerLayout {
  kTypes,   // As types with one level each, which share a network.
  kVector,  // As one type with as many levels: the network is a plain MLP.
};

// The problem that GDMOPT (Du et al. 2024) is published with: share a power of 3 among
// 10 parallel Gaussian channels of unit noise, five gains uniform in [1, 2] and five in
// [0, 1]. Levels x give channel i the share of (x_i + 1) / 2 in their sum (equal shares
// where all are -1). Reward and objective are the rate sum_i log2(1 + g_i p_i) over that
// of equal powers; held-out states are measured against water-filling.
std::shared_ptr<const policy::Environment> MakePowerAllocation(PowerLayout layout);

}  // namespace giot::bench
