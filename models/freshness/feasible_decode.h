#pragma once

#include "absl/types/span.h"
#include "models/freshness/freshness_market.h"
#include "models/freshness/settle.h"

namespace giot::freshness {

// Levels come channel by channel: qualities, update rates, rents (or rewards).
inline constexpr int kLevelChannels = 3;

// Turns any levels x in [-1, 1]^{3T} (a policy's output) into a feasible menu.
// Each channel holds one level a type. Type t contributes one candidate item: with
// z = clamp(.5 + .5 x),
//   q_t = z,  f_t = z,  r_t = theta_t q_t + delta_t f_t + z LargestRent(t),
// and the candidates are settled (settle.h): no type need pick its own. Every
// menu of least rewards in which each item has a taker of its own is within
// reach. Levels outside [-1, 1] are clamped, NaN counts as 0. Never fails, no heap.
SettledMenu DecodeLevels(const FreshnessMarket& market, absl::Span<const double> levels);

// The same for levels in [-1, 1]^{3 kMaxItems} that state kMaxItems items
// directly: q = z, f = z, r = z money_scale().
SettledMenu DecodeItemLevels(const FreshnessMarket& market, absl::Span<const double> levels);

}  // namespace giot::freshness
