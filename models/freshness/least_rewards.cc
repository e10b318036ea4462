#include "models/freshness/least_rewards.h"

#include <algorithm>
#include <cstddef>

#include "models/freshness/reward_graph.h"

namespace giot::freshness {

bool FindLeastRewards(const FreshnessMarket& market, const ItemTable& items, const Selection& selection,
                      ItemRewards& rewards) {
  const RewardGraph graph(market, items, selection);
  RewardGraph::Rewards paths;
  if (!graph.FindLongestPaths(kRounding * market.money_scale(), paths)) return false;
  std::copy_n(paths.begin() + 1, items.size(), rewards.begin());
  return true;
}

}  // namespace giot::freshness
