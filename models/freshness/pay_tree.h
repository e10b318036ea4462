#pragma once

#include <array>

#include "models/freshness/freshness_market.h"
#include "models/freshness/item_table.h"
#include "models/freshness/menu.h"

namespace giot::freshness {

// Why each reward of a menu of least rewards is what it is: the reward of item j
// leaves taker[j], one of the types that pick it, indifferent between it and
// parent[j],
//   r_j = r_i + c_t(j) - c_t(i),  t = taker[j], i = parent[j],
// or, where parent[j] is kOptsOut, between it and nothing: r_j = c_t(j).
struct PayTree {
  std::array<int, kMaxItems> parent{};
  std::array<int, kMaxItems> taker{};
  // All items, each after its parent; size() of the table they came from.
  std::array<int, kMaxItems> order{};
};

// `items` holds at most kMaxItems items at the least rewards that implement
// `selection`, each picked by somebody. Of several trees (where constraints bind
// by coincidence) one is found. No heap.
PayTree FindPayTree(const FreshnessMarket& market, const ItemTable& items, const Selection& selection);

}  // namespace giot::freshness
