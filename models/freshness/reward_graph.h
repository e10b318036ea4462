#pragma once

#include <array>
#include <cstddef>

#include "models/freshness/freshness_market.h"
#include "models/freshness/item_table.h"
#include "models/freshness/menu.h"

namespace giot::freshness {

// What a selection demands of the rewards, as a graph. Its nodes are opting out
// (kOutside, reward 0) and then the items: item j is node j + 1. With c_t(i) the
// cost of node i to type t (0 for opting out), the types that pick node j must not
// prefer node i:
//   r_j >= r_i + need(i, j),  need(i, j) = max over t that picks j of c_t(j) - c_t(i),
// -infinity where nobody picks j and where i = j. From opting out this is IR, to opting out it
// keeps types out, else it is IC. The least rewards are the lengths of the longest
// paths from kOutside (Rochet 1987). Fixed capacity, no heap.
class RewardGraph {
 public:
  static constexpr std::size_t kOutside = 0;
  static constexpr std::size_t kMaxNodes = kMaxItems + 1;
  using Rewards = std::array<double, kMaxNodes>;

  // `items` has at most kMaxItems items. Their rewards play no part.
  RewardGraph(const FreshnessMarket& market, const ItemTable& items, const Selection& selection);

  std::size_t nodes() const { return nodes_; }
  double need(std::size_t from, std::size_t to) const { return need_[from][to]; }

  // Makes every need a whole number of `unit`s (money) of at least `guard` units
  // more, so that whole rewards implement the selection strictly. Rewards are then
  // in units.
  void RoundUp(double unit, double guard);

  // Bellman and Ford's method, at most as many rounds as there are nodes. False,
  // with `rewards` undefined, if there is a cycle longer than `tolerance` (of
  // rewards): no rewards implement the selection. Items that nobody picks get -infinity.
  bool FindLongestPaths(double tolerance, Rewards& rewards) const;

 private:
  std::size_t nodes_;
  std::array<Rewards, kMaxNodes> need_;
};

}  // namespace giot::freshness
