#include "models/contract/baselines.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "absl/random/distributions.h"
#include "models/contract/feasible_decode.h"

namespace giot::contract {
namespace {

constexpr int kPriceGrid = 64;

double UtilityOf(const ScreeningMarket& market, const Menu& menu) {
  double utility = 0.0;
  double pay = 0.0;
  for (int k = 0; k < menu.size(); ++k) {
    const double p = market.probabilities()[static_cast<std::size_t>(k)];
    utility += p * (market.Value(menu[k].quality) - menu[k].reward);
    pay += p * menu[k].reward;
  }
  const bool affordable = !market.budget_per_vehicle() || pay <= *market.budget_per_vehicle();
  return affordable ? utility : -std::numeric_limits<double>::infinity();
}

// What every type chooses from the tariff r = base + price q, with the least
// base at which the costliest type takes part.
Menu MenuAtPrice(const ScreeningMarket& market, double price) {
  Menu menu(market.types());
  for (int k = 0; k < market.types(); ++k) {
    const double theta = market.cost_types()[static_cast<std::size_t>(k)];
    // theta (1 + kappa q) = price, or a corner where costs are linear.
    double quality = price > theta ? market.quality_max() : market.quality_min();
    if (market.cost_curvature() > 0.0) quality = (price / theta - 1.0) / market.cost_curvature();
    menu[k].quality = std::clamp(quality, market.quality_min(), market.quality_max());
  }
  const double last_quality = menu[market.types() - 1].quality;
  const double base = market.cost_types().back() * market.Cost(last_quality) - price * last_quality;
  for (int k = 0; k < market.types(); ++k) menu[k].reward = std::max(0.0, base + price * menu[k].quality);
  return menu;
}

}  // namespace

Menu PoolingMenu(const ScreeningMarket& market) {
  const double theta = market.cost_types().back();
  // Marginal value = marginal cost: A q^2 + B q + c0 = 0.
  const double a = market.value_rate() * market.cost_curvature();
  const double b = market.value_rate() + market.cost_curvature();
  const double c0 = 1.0 - market.value_scale() * market.value_rate() / theta;
  double quality = -2.0 * c0 / (b + std::sqrt(std::max(0.0, b * b - 4.0 * a * c0)));
  if (market.budget_per_vehicle()) {
    quality = std::min(quality, market.QualityAtCost(*market.budget_per_vehicle() / theta));
  }
  Menu menu(market.types());
  for (int k = 0; k < menu.size(); ++k) {
    menu[k].quality = std::clamp(quality, market.quality_min(), market.quality_max());
  }
  AssignLeastRewards(market, menu);
  return menu;
}

Menu LinearPriceMenu(const ScreeningMarket& market) {
  const double highest =
      market.cost_types().back() * (1.0 + market.cost_curvature() * market.quality_max()) * (1.0 + 1e-9);
  Menu best = MenuAtPrice(market, 0.0);
  double best_utility = UtilityOf(market, best);
  double step = highest / kPriceGrid;
  double centre = 0.5 * highest;
  // A grid, then finer ones around its best point: the utility is not concave in the price.
  for (int level = 0; level < 6; ++level, step *= 0.1) {
    const double low = std::max(0.0, centre - step * kPriceGrid / 2);
    for (int i = 0; i <= kPriceGrid; ++i) {
      const double price = low + i * step;
      const Menu menu = MenuAtPrice(market, price);
      const double utility = UtilityOf(market, menu);
      if (utility > best_utility) {
        best_utility = utility;
        best = menu;
        centre = price;
      }
    }
  }
  return best;
}

Menu RandomMonotoneMenu(const ScreeningMarket& market, absl::BitGenRef random) {
  std::array<double, kMaxTypes> levels{};
  for (int k = 0; k < market.types(); ++k) levels[static_cast<std::size_t>(k)] = absl::Uniform(random, -1.0, 1.0);
  return DecodeLevels(market, {levels.data(), static_cast<std::size_t>(market.types())});
}

}  // namespace giot::contract
