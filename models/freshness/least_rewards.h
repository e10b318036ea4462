#pragma once

#include "models/freshness/freshness_market.h"
#include "models/freshness/item_table.h"
#include "models/freshness/menu.h"

namespace giot::freshness {

// Rounding that constraints may carry, as a share of market.money_scale().
inline constexpr double kRounding = 1e-13;

// The least rewards that implement `selection` (reward_graph.h): each type that
// takes part weakly prefers its item to opting out and to every item that somebody
// picks, each type that opts out gains by none. The rewards in `items` play no
// part; an item that nobody picks gets -infinity. `items` has at most kMaxItems.
// False, with `rewards` undefined, if no rewards implement the selection. One that
// was made at some rewards without tolerance is implemented by these, so that the
// result is true and no reward is above them.
bool FindLeastRewards(const FreshnessMarket& market, const ItemTable& items, const Selection& selection,
                      ItemRewards& rewards);

}  // namespace giot::freshness
