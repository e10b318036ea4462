#pragma once

#include "absl/random/bit_gen_ref.h"
#include "models/contract/menu.h"
#include "models/contract/screening_market.h"

namespace giot::contract {

// Simple menus that a learned one has to beat; all are feasible and serve every
// type (allow_exclusion is ignored;
// the budget must then suffice for all).

// One item for everybody, the best such: r = theta_K C(q).
Menu PoolingMenu(const ScreeningMarket& market);

// The best linear tariff r = base + price q: every type chooses its quality in
// [q_min, q_max], and the base is the least at which the costliest takes part.
// The price is searched to about 1e-6 of its range.
Menu LinearPriceMenu(const ScreeningMarket& market);

// Uniform random levels, decoded: a random point of the feasible set.
Menu RandomMonotoneMenu(const ScreeningMarket& market, absl::BitGenRef random);

}  // namespace giot::contract
