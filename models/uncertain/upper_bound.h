#pragma once

#include "models/uncertain/scenarios.h"
#include "models/uncertain/uncertain_market.h"

namespace giot::uncertain {

// No menu is worth more to the server, per vehicle, in money (up to rounding, 1e-12
// relative): the first best with public types, by weak duality. For a price of
// coverage lambda >= 0 no choice of qualities q_k in [0, 1] and rents u_k >= 0 brings more than
//   max_S [V(S) - lambda S] + sum_k p_k max pi(u) [(lambda wbar_k / p_k) q - theta_k C(q) - u],
// as V(S) is at most the first maximum plus lambda S in every scenario, and the mean
// coverage is sum_k wbar_k pi_k q_k. S ranges up to the largest coverage of any
// scenario. Convex in lambda, and minimised to 1e-6 relative.
// `scenarios` are those of `market`. No heap; tens of microseconds.
double UtilityUpperBound(const UncertainMarket& market, const Scenarios& scenarios);

}  // namespace giot::uncertain
