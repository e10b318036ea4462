#pragma once

#include "absl/status/statusor.h"
#include "models/contract/menu.h"
#include "models/uncertain/uncertain_market.h"

namespace giot::uncertain {

// The integer menu that is posted for a designed one (quality in 1e-6, money in
// micro-units), so that Audit(market, scenarios, result).Feasible(0) holds and the
// plain argmax of every type's utility is its own item. Qualities are rounded down.
// Rewards are the integers nearest to those that keep the designed rents, within
// the steps that leave both neighbours clearly better off with their own item,
//   theta_k (C(q_k) - C(q_{k+1})) < r_k - r_{k+1} < theta_{k+1} (C(q_k) - C(q_{k+1})).
// Neighbours between whose items no integer step fits are too close to tell apart:
// they share one item, of mean quality and mean rent.
// `menu` has monotone qualities and market.types() items (as DecodeLevels returns),
// and so has the result. OutOfRange if rewards could exceed 2^53 micro-units. One
// or two microseconds; no heap unless it fails.
absl::StatusOr<contract::PostedMenu> Post(const UncertainMarket& market, const contract::Menu& menu);

}  // namespace giot::uncertain
