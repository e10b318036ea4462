#pragma once

#include "models/freshness/freshness_market.h"
#include "models/freshness/item_table.h"
#include "models/freshness/menu.h"

namespace giot::freshness {

// Utilities that differ by no more than this share of market.money_scale() count
// as equal while a menu is designed.
inline constexpr double kTieTolerance = 1e-6;

// The item that each type picks: among those, and opting out (utility 0), whose
// utility is within `tie` (money, >= 0) of its best, the one that earns the server
// most, V_j - r_j. Of equals the first one, after opting out.
Selection SelfSelect(const FreshnessMarket& market, const ItemTable& items, double tie);

}  // namespace giot::freshness
