#pragma once

#include <array>

#include "absl/types/span.h"
#include "models/freshness/freshness_market.h"
#include "models/freshness/menu.h"

namespace giot::freshness {

struct SettledMenu {
  Menu menu;
  // Which candidate item j came from.
  std::array<int, kMaxItems> candidate{};
  // Server utility, money.
  double utility_per_vehicle = 0.0;
};

// What becomes of items that are offered at some reward: a feasible menu whose
// IR and IC hold to 1e-12 of market.money_scale().
//   1. Every type picks the candidate that suits it best or opts out, ties in the
//      server's favour (self_selection.h); what nobody picks vanishes.
//   2. While more than kMaxItems are left, the one that earns the server least is
//      withdrawn, and its takers pick among the rest (withdraw.h).
//   3. Rewards fall to the least that implement this selection (least_rewards.h).
//   4. Types that are now indifferent pick what the server prefers, and rewards
//      fall again, until the utility no longer rises.
// Takes at most kMaxTypes candidates, qualities and update rates in [0, 1]. Never
// fails, no heap.
SettledMenu Settle(const FreshnessMarket& market, absl::Span<const Item> candidates);

}  // namespace giot::freshness
