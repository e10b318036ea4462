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
// money in micro-units). Qualities move to the grid points next to them whose
// extra cost fills whole micro-units (not below q_min), equal items merge, and
// rewards are rebuilt from the bottom with each step rounded up, so that
// Audit(market, result).Feasible(0) holds and the plain argmax of every served
// type's utility is its own item. Neighbours whose upward constraint the rounding
// would break are too close to tell apart in whole micro-units: they share one
// item, and with allow_exclusion are served, or left out, together, so that the
// result may have more or fewer items than `menu`. Where the rounding would exceed
// the budget, the qualities shrink until the posted pay fits.
// `menu` has monotone qualities and 1..market.types() items (as SolveExact and
// DecodeLevels return); type k's item stays at index k (merged types repeat it).
// InvalidArgument naming the budget if not even q_min for all served types,
// rounded up to the micro-unit, fits it, or cost_types if no set of types that the
// budget can pay can be told apart from those left out; OutOfRange if a reward
// exceeds 2^53 micro-units. At most 1 us for 10 types where the budget does not
// bind; no heap unless it fails.
absl::StatusOr<PostedMenu> Post(const ScreeningMarket& market, const Menu& menu);

}  // namespace giot::contract
