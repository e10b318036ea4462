#pragma once

#include "absl/types/span.h"
#include "models/contract/menu.h"
#include "models/uncertain/menu_gradient.h"
#include "models/uncertain/uncertain_market.h"

namespace giot::uncertain {

// What a policy says of each type: a quality and a share of the rent that
// incentive compatibility leaves open.
inline constexpr int kLevelChannels = 2;

// The largest base rent, at which all but 1 in 3000 vehicles take part: nu + 8 tau.
double LargestBaseRent(const UncertainMarket& market);

// Turns any levels x in [-1, 1]^{2K} (K quality levels, then K rent levels) into a
// menu in which IR and IC hold to 1e-12 of the largest reward: with z = clamp(.5 + .5 x, 0, 1),
//   q_k  isotonic regression of the quality levels' z (nonincreasing, weights p)
//   u_K = z_K (nu + 8 tau)
//   u_k = u_{k+1} + (theta_{k+1} - theta_k) [C(q_{k+1}) + z_k (C(q_k) - C(q_{k+1}))]
//   r_k = u_k + theta_k C(q_k)
// with the rent levels' z in the last three: 0 is downward IC at equality, 1 upward
// IC. NaN levels count as 0. `levels` has 2 types() entries. Never fails; no heap.
contract::Menu DecodeLevels(const UncertainMarket& market, absl::Span<const double> levels);

// The gradient with respect to `levels` of anything whose gradient with respect to
// DecodeLevels(market, levels) is `menu_gradient`. Pooled qualities share their
// gradient. At and beyond the ends of [-1, 1] it is that of the clamped level, 0
// only where a step uphill would push it further out. `level_gradient` has as
// many entries as `levels`. No heap.
void BackpropagateToLevels(const UncertainMarket& market, absl::Span<const double> levels,
                           const MenuGradient& menu_gradient, absl::Span<double> level_gradient);

}  // namespace giot::uncertain
