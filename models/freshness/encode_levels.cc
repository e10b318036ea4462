#include "models/freshness/encode_levels.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>

#include "models/freshness/feasible_decode.h"
#include "models/freshness/utility.h"

namespace giot::freshness {
namespace {

// Shares of the largest sensing cost, from which a policy's gradient-trained menus have
// some .01 too.
constexpr double kMargins[] = {0.02, 0.014, 0.01, 0.007, 0.005, 0.003, 0.002, 0.001, 0.0003};
constexpr double kWorthKept = 1e-6;
// A reward that rises by less is rounding.
constexpr double kRise = 1e-9;
// A circle of constraints that margins make impossible would raise rewards for ever.
constexpr int kRounds = 2 * kMaxItems;

using Rewards = std::array<double, kMaxItems>;

// What type `type` asks for its own item: its cost, and to be better off by `margin` than
// with anything else.
double Asked(const FreshnessMarket& market, const Menu& menu, const Rewards& rewards, int type, double margin) {
  const int own = menu.choice(type);
  double rent = market.LargestRent(type) > 0.0 ? margin : 0.0;
  for (int j = 0; j < menu.size(); ++j) {
    if (j == own) continue;
    const double cost = market.Cost(type, menu[j].quality, menu[j].update_rate);
    rent = std::max(rent, rewards[static_cast<std::size_t>(j)] - cost + margin);
  }
  return market.Cost(type, menu[own].quality, menu[own].update_rate) + rent;
}

// Bellman and Ford's method, as for least rewards, with a margin on every constraint.
Rewards RewardsWithMargin(const FreshnessMarket& market, const Menu& menu, double margin) {
  Rewards rewards;
  rewards.fill(-std::numeric_limits<double>::infinity());
  bool rose = true;
  for (int round = 0; round < kRounds && rose; ++round) {
    rose = false;
    for (int t = 0; t < market.types(); ++t) {
      if (menu.choice(t) == kOptsOut) continue;
      double& reward = rewards[static_cast<std::size_t>(menu.choice(t))];
      const double asked = Asked(market, menu, rewards, t, margin);
      if (asked <= reward + kRise * market.money_scale()) continue;
      reward = asked;
      rose = true;
    }
  }
  return rewards;
}

}  // namespace

void EncodeLevels(const FreshnessMarket& market, const Menu& menu, double margin, absl::Span<double> levels) {
  const auto types = static_cast<std::size_t>(market.types());
  const Rewards rewards = RewardsWithMargin(market, menu, margin);
  std::fill(levels.begin(), levels.end(), -1.0);
  for (std::size_t t = 0; t < types; ++t) {
    const int type = static_cast<int>(t);
    if (menu.choice(type) == kOptsOut) continue;
    const Item& item = menu[menu.choice(type)];
    const double reward = rewards[static_cast<std::size_t>(menu.choice(type))];
    const double rent = reward - market.Cost(type, item.quality, item.update_rate);
    levels[t] = 2.0 * item.quality - 1.0;
    levels[types + t] = 2.0 * item.update_rate - 1.0;
    if (market.LargestRent(type) > 0.0) {
      levels[2 * types + t] = std::clamp(2.0 * rent / market.LargestRent(type) - 1.0, -1.0, 1.0);
    }
  }
}

void EncodeRobustLevels(const FreshnessMarket& market, const Menu& menu, absl::Span<double> levels) {
  const double worth = Utility(market, menu);
  const double largest = *std::max_element(market.sensing_costs().begin(), market.sensing_costs().end());
  for (const double margin : kMargins) {
    EncodeLevels(market, menu, margin * largest, levels);
    if (DecodeLevels(market, levels).utility_per_vehicle >= worth - kWorthKept * std::abs(worth)) return;
  }
  EncodeLevels(market, menu, 0.0, levels);
}

}  // namespace giot::freshness
