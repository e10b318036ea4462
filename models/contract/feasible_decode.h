#pragma once

#include "absl/types/span.h"
#include "models/contract/menu.h"
#include "models/contract/screening_market.h"

namespace giot::contract {

// Rewards that make nonincreasing qualities incentive compatible at least cost:
//   r_K = theta_K C(q_K),  r_k = r_{k+1} + theta_k (C(q_k) - C(q_{k+1})).
// Fills `menu` rewards from its qualities; IR and IC then hold to rounding.
void AssignLeastRewards(const ScreeningMarket& market, Menu& menu);

// Shrinks the costs C(q_k) - C(q_min) of a menu that serves every type of
// `market` by one common factor until its expected pay is at most `budget`
// (per vehicle; at least theta_K C(q_min) up to rounding), and assigns least
// rewards. Qualities must be nonincreasing.
void ShrinkToBudget(const ScreeningMarket& market, double budget, Menu& menu);

// Turns any levels x in [-1, 1]^K (a policy's output) into a feasible menu:
// z = clamp(.5 + .5 x), isotonic (nonincreasing, weights p), q = q_min +
// (q_max - q_min) z, least rewards, and where the budget is exceeded the costs
// C(q) - C(q_min) shrink by one common factor. `levels` has one entry a type of
// the market; all types are served (decode the Prefix to serve fewer).
// NaN levels count as 0. Never fails; no heap.
Menu DecodeLevels(const ScreeningMarket& market, absl::Span<const double> levels);

}  // namespace giot::contract
