#include "models/uncertain/feasible_decode.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

#include "models/contract/isotonic.h"

namespace giot::uncertain {
namespace {

using Row = std::array<double, kMaxTypes>;

double Clamped(double level) { return std::isnan(level) ? 0.5 : std::clamp(0.5 + 0.5 * level, 0.0, 1.0); }

// d Clamped / d level, but 0 where a step along `gradient` leaves [-1, 1].
double ThroughClamp(double level, double gradient) {
  if (level >= 1.0 && gradient > 0.0) return 0.0;
  if (level <= -1.0 && gradient < 0.0) return 0.0;
  return 0.5 * gradient;
}

struct Unit {
  std::size_t types;
  Row z{};        // Quality levels in [0, 1].
  Row quality{};  // z, isotonic.
  Row share{};    // Of the rent that is open.
};

Unit ToUnit(const UncertainMarket& market, absl::Span<const double> levels) {
  Unit unit;
  unit.types = static_cast<std::size_t>(market.types());
  for (std::size_t k = 0; k < unit.types; ++k) {
    unit.z[k] = Clamped(levels[k]);
    unit.share[k] = Clamped(levels[unit.types + k]);
  }
  unit.quality = unit.z;
  contract::MakeNonincreasing({unit.quality.data(), unit.types}, market.probabilities());
  return unit;
}

// Gradient with respect to z of what has gradient `quality` with respect to the
// isotonic qualities, in place.
void BackpropagateIsotonic(const UncertainMarket& market, const Unit& unit, Row& gradient) {
  for (std::size_t first = 0; first < unit.types;) {
    double weight = 0.0;
    double sum = 0.0;
    bool pooled = false;
    std::size_t end = first;
    for (; end < unit.types && unit.quality[end] == unit.quality[first]; ++end) {
      weight += market.probabilities()[end];
      sum += gradient[end];
      pooled = pooled || unit.quality[end] != unit.z[end];
    }
    // Levels that merely happen to be equal, such as clamped ones, stay apart.
    for (; first < end; ++first) {
      if (pooled) gradient[first] = sum * market.probabilities()[first] / weight;
    }
  }
}

}  // namespace

double LargestBaseRent(const UncertainMarket& market) {
  return market.outside_option() + 8.0 * market.participation_noise();
}

contract::Menu DecodeLevels(const UncertainMarket& market, absl::Span<const double> levels) {
  const Unit unit = ToUnit(market, levels);
  contract::Menu menu(market.types());
  const absl::Span<const double> theta = market.cost_types();
  double rent = 0.0;
  double cost_below = 0.0;
  for (std::size_t k = unit.types; k-- > 0;) {
    const double cost = market.Cost(unit.quality[k]);
    if (k + 1 == unit.types) {
      rent = unit.share[k] * LargestBaseRent(market);
    } else {
      rent += (theta[k + 1] - theta[k]) * (cost_below + unit.share[k] * (cost - cost_below));
    }
    menu[static_cast<int>(k)] = {unit.quality[k], rent + theta[k] * cost};
    cost_below = cost;
  }
  return menu;
}

void BackpropagateToLevels(const UncertainMarket& market, absl::Span<const double> levels,
                           const MenuGradient& menu_gradient, absl::Span<double> level_gradient) {
  const Unit unit = ToUnit(market, levels);
  const absl::Span<const double> theta = market.cost_types();
  Row cost_gradient{};
  Row share_gradient{};
  double above = 0.0;  // Of u_k, which every cheaper type's rent contains.
  for (std::size_t k = 0; k < unit.types; ++k) {
    above += menu_gradient.rent[k];
    if (k + 1 == unit.types) {
      share_gradient[k] = above * LargestBaseRent(market);
      break;
    }
    const double step = above * (theta[k + 1] - theta[k]);
    share_gradient[k] = step * (market.Cost(unit.quality[k]) - market.Cost(unit.quality[k + 1]));
    cost_gradient[k] += step * unit.share[k];
    cost_gradient[k + 1] += step * (1.0 - unit.share[k]);
  }
  Row quality_gradient{};
  for (std::size_t k = 0; k < unit.types; ++k) {
    const double marginal_cost = 1.0 + market.cost_curvature() * unit.quality[k];
    quality_gradient[k] = menu_gradient.quality[k] + marginal_cost * cost_gradient[k];
  }
  BackpropagateIsotonic(market, unit, quality_gradient);
  for (std::size_t k = 0; k < unit.types; ++k) {
    level_gradient[k] = ThroughClamp(levels[k], quality_gradient[k]);
    level_gradient[unit.types + k] = ThroughClamp(levels[unit.types + k], share_gradient[k]);
  }
}

}  // namespace giot::uncertain
