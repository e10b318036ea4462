#pragma once

#include "models/contract/menu.h"
#include "models/contract/screening_market.h"

namespace giot::contract {

struct ExactSolution {
  Menu menu;                         // menu.size() types are served.
  double utility_per_vehicle = 0.0;  // The optimum, money; may be negative.
  bool ironed = false;               // Some virtual costs had to be pooled.
  bool budget_binds = false;
};

// The optimal menu: virtual costs (Myerson 1981), ironed by weighted isotonic
// regression, qualities in closed form, budget by a multiplier on the virtual
// cost. With allow_exclusion every feasible prefix of types is tried and the
// best kept. Never fails: a valid market has a feasible menu. About 1 us for
// 10 types; no heap.
ExactSolution SolveExact(const ScreeningMarket& market);

// Server utility per vehicle if types were public (no information rents), with
// the same bounds, budget and exclusion rule: an upper bound on SolveExact.
double FirstBestUtility(const ScreeningMarket& market);

}  // namespace giot::contract
