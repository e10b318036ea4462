#include "models/contract/feasible_decode.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "models/contract/isotonic.h"

namespace giot::contract {

void AssignLeastRewards(const ScreeningMarket& market, Menu& menu) {
  double reward = 0.0;
  double cost_below = 0.0;
  for (int k = menu.size() - 1; k >= 0; --k) {
    const double cost = market.Cost(menu[k].quality);
    reward += market.cost_types()[static_cast<std::size_t>(k)] * (cost - cost_below);
    cost_below = cost;
    menu[k].reward = reward;
  }
}

void ShrinkToBudget(const ScreeningMarket& market, double budget, Menu& menu) {
  AssignLeastRewards(market, menu);
  double pay = 0.0;
  for (int k = 0; k < menu.size(); ++k) pay += market.probabilities()[static_cast<std::size_t>(k)] * menu[k].reward;
  if (pay <= budget) return;
  const double cost_low = market.Cost(market.quality_min());
  const double pay_low = market.cost_types().back() * cost_low;
  const double scale = pay > pay_low ? std::clamp((budget - pay_low) / (pay - pay_low), 0.0, 1.0) : 0.0;
  for (int k = 0; k < menu.size(); ++k) {
    const double cost = cost_low + scale * (market.Cost(menu[k].quality) - cost_low);
    menu[k].quality = std::max(market.QualityAtCost(cost), market.quality_min());
  }
  AssignLeastRewards(market, menu);
}

Menu DecodeLevels(const ScreeningMarket& market, absl::Span<const double> levels) {
  const auto types = static_cast<std::size_t>(market.types());
  std::array<double, kMaxTypes> z{};
  for (std::size_t k = 0; k < types; ++k) {
    z[k] = std::isnan(levels[k]) ? 0.5 : std::clamp(0.5 + 0.5 * levels[k], 0.0, 1.0);
  }
  MakeNonincreasing({z.data(), types}, market.probabilities());
  const double range = market.quality_max() - market.quality_min();
  Menu menu(market.types());
  for (int k = 0; k < market.types(); ++k) {
    menu[k].quality = std::min(market.quality_min() + range * z[static_cast<std::size_t>(k)], market.quality_max());
  }
  if (market.budget_per_vehicle()) {
    ShrinkToBudget(market, *market.budget_per_vehicle(), menu);
  } else {
    AssignLeastRewards(market, menu);
  }
  return menu;
}

}  // namespace giot::contract
