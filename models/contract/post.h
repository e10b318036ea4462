#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "models/contract/menu.h"
#include "models/contract/screening_market.h"

namespace giot::contract {

// The lowest and highest posted quality, in 1e-6: the grid points within
// [q_min, q_max], or the one above q_min if there is none.
std::int64_t PostedQualityMin(const ScreeningMarket& market);
std::int64_t PostedQualityMax(const ScreeningMarket& market);

// The integer menu that is posted for a designed one (design: quality in 1e-6,
// money in micro-units). Qualities are rounded down to grid points whose extra
// cost fills whole micro-units (not below q_min), equal items merged, rewards
// rebuilt from the bottom with each step rounded up, so that Audit(market, result).Feasible(0) holds and the plain
// argmax of every served type's utility is its own item; neighbours whose upward
// constraint the rounding would break are merged. Where the rounding would
// exceed the budget, the qualities shrink until the posted pay fits.
// `menu` has monotone qualities and 1..market.types() items (as SolveExact and
// DecodeLevels return); type k's item stays at index k (merged types repeat it).
// InvalidArgument naming the budget if not even q_min for all served types,
// rounded up to the micro-unit, fits it; OutOfRange if a reward exceeds 2^53
// micro-units.
absl::StatusOr<PostedMenu> Post(const ScreeningMarket& market, const Menu& menu);

}  // namespace giot::contract
