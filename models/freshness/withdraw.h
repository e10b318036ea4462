#pragma once

#include "models/freshness/freshness_market.h"
#include "models/freshness/item_table.h"
#include "models/freshness/menu.h"

namespace giot::freshness {

// Takes the item that earns the server least, by its takers' sum of p_t (V_j - r_j),
// off the table (the first of equals; its reward becomes -infinity) and lets the
// types pick among the rest (SelfSelect with `tie`, money). `selection` is theirs
// before and after; somebody must take part.
void WithdrawLeastEarner(const FreshnessMarket& market, double tie, ItemTable& items, Selection& selection);

}  // namespace giot::freshness
