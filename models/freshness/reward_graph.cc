#include "models/freshness/reward_graph.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace giot::freshness {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

}  // namespace

RewardGraph::RewardGraph(const FreshnessMarket& market, const ItemTable& items, const Selection& selection)
    : nodes_(static_cast<std::size_t>(items.size()) + 1) {
  for (std::size_t from = 0; from < nodes_; ++from) need_[from].fill(-kInfinity);
  for (int t = 0; t < market.types(); ++t) {
    const int picked = selection[static_cast<std::size_t>(t)];
    const std::size_t to = picked == kOptsOut ? kOutside : static_cast<std::size_t>(picked) + 1;
    const double own = picked == kOptsOut ? 0.0 : items.cost(picked, t);
    need_[kOutside][to] = std::max(need_[kOutside][to], own);
    for (std::size_t from = 1; from < nodes_; ++from) {
      need_[from][to] = std::max(need_[from][to], own - items.cost(static_cast<int>(from) - 1, t));
    }
  }
  for (std::size_t node = 0; node < nodes_; ++node) need_[node][node] = -kInfinity;
}

void RewardGraph::RoundUp(double unit, double guard) {
  for (std::size_t from = 0; from < nodes_; ++from) {
    for (double& need : need_[from]) need = std::ceil(need / unit + guard);
  }
}

bool RewardGraph::FindLongestPaths(double tolerance, Rewards& rewards) const {
  rewards.fill(-kInfinity);
  rewards[kOutside] = 0.0;
  for (std::size_t round = 0; round < nodes_; ++round) {
    const Rewards before = rewards;
    for (std::size_t from = 0; from < nodes_; ++from) {
      const double start = rewards[from];
      for (std::size_t to = 0; to < kMaxNodes; ++to) rewards[to] = std::max(rewards[to], start + need_[from][to]);
    }
    bool grew = false;
    for (std::size_t node = 0; node < nodes_; ++node) grew |= rewards[node] > before[node] + tolerance;
    if (!grew) return true;
  }
  return false;
}

}  // namespace giot::freshness
