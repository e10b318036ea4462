#pragma once

#include "absl/status/statusor.h"
#include "models/freshness/freshness_market.h"
#include "models/freshness/menu.h"

namespace giot::freshness {

// The integer menu that is posted for a designed one: quality and update rate
// rounded to 1e-6, rewards rebuilt as the least whole micro-units that make every
// type strictly prefer what is designed for it, so that Audit(market,
// result).Feasible(0) holds and the plain maximum of a vehicle's utility, in
// whatever order it computes it in double precision, is its item, or opting out.
// Items that become equal merge, items that nobody is to pick vanish. Where types
// can be told apart by no rewards once qualities are rounded, the rewards of
// the items that earn the server more are raised by a few micro-units, types pick
// anew, and rewards are rebuilt for that selection; failing that, the item that
// earns least is left out.
// `menu` has finite items with qualities and update rates in [0, 1] at rewards that
// implement its selection, about (as DecodeLevels and Settle return).
// OutOfRange if a reward could exceed 2^53 micro-units. No heap unless it fails.
absl::StatusOr<PostedMenu> Post(const FreshnessMarket& market, const Menu& menu);

}  // namespace giot::freshness
