#include "models/freshness/pay_tree.h"

#include <cstddef>
#include <limits>

#include "models/freshness/reward_graph.h"

namespace giot::freshness {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::size_t Index(int value) { return static_cast<std::size_t>(value); }

// Whose demand on `item` against `parent` is the highest.
int MostDemandingTaker(const FreshnessMarket& market, const ItemTable& items, const Selection& selection, int item,
                       int parent) {
  int taker = 0;
  double most = -kInfinity;
  for (int t = 0; t < market.types(); ++t) {
    if (selection[Index(t)] != item) continue;
    const double demand = items.cost(item, t) - (parent == kOptsOut ? 0.0 : items.cost(parent, t));
    if (demand <= most) continue;
    most = demand;
    taker = t;
  }
  return taker;
}

}  // namespace

// Every item hangs on opting out by constraints that bind. Adding the item of the
// smallest slack to what hangs already (Prim's method) finds them without having to
// say how small a rounding error is.
PayTree FindPayTree(const FreshnessMarket& market, const ItemTable& items, const Selection& selection) {
  const RewardGraph graph(market, items, selection);
  PayTree tree;
  std::array<double, kMaxItems> slack{};
  std::array<bool, kMaxItems> hangs{};
  for (int j = 0; j < items.size(); ++j) {
    slack[Index(j)] = items.reward(j) - graph.need(RewardGraph::kOutside, Index(j) + 1);
    tree.parent[Index(j)] = kOptsOut;
  }
  for (int place = 0; place < items.size(); ++place) {
    int next = -1;
    for (int j = 0; j < items.size(); ++j) {
      if (!hangs[Index(j)] && (next < 0 || slack[Index(j)] < slack[Index(next)])) next = j;
    }
    hangs[Index(next)] = true;
    tree.order[Index(place)] = next;
    tree.taker[Index(next)] = MostDemandingTaker(market, items, selection, next, tree.parent[Index(next)]);
    for (int j = 0; j < items.size(); ++j) {
      const double over = items.reward(j) - (items.reward(next) + graph.need(Index(next) + 1, Index(j) + 1));
      if (hangs[Index(j)] || over >= slack[Index(j)]) continue;
      slack[Index(j)] = over;
      tree.parent[Index(j)] = next;
    }
  }
  return tree;
}

}  // namespace giot::freshness
