#include "bench/experiments/market_changes.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <iostream>

namespace giot::bench {
namespace {

using contract::ScreeningMarket;

// What a budget buys from everybody at least, over q_min, as in training.
constexpr double kLeastBudgetQuality = 1.15;

ScreeningMarket Require(const MarketNumbers& numbers) {
  absl::StatusOr<ScreeningMarket> market = numbers.ToMarket();
  if (market.ok()) return *std::move(market);
  std::cerr << "a changed market is not valid: " << market.status() << '\n';
  std::abort();
}

void Renormalise(std::vector<double>& probabilities) {
  double sum = 0.0;
  for (const double p : probabilities) sum += p;
  for (double& p : probabilities) p /= sum;
}

void KeepAsIs(MarketNumbers& /*numbers*/) {}
void DoubleValueScale(MarketNumbers& numbers) { numbers.value_scale *= 2.0; }
void TripleValueRate(MarketNumbers& numbers) { numbers.value_rate *= 3.0; }
void BendCosts(MarketNumbers& numbers) { numbers.cost_curvature = 2.0; }
void RaiseLowestQuality(MarketNumbers& numbers) { numbers.quality_min = 0.2; }
void CutHighestQuality(MarketNumbers& numbers) { numbers.quality_max = 0.5; }

// Towards the costliest type, by nine tenths of the way.
void CrowdTypes(MarketNumbers& numbers) {
  const double last = numbers.cost_types.back();
  for (double& theta : numbers.cost_types) theta = last - 0.1 * (last - theta);
}

// The cheapest two, to a thousandth of the costliest apart or less.
void NearTwins(MarketNumbers& numbers) {
  std::vector<double>& theta = numbers.cost_types;
  theta[0] = std::max(theta[0], theta[1] - 1e-3 * theta.back());
}

void CheapenFirstType(MarketNumbers& numbers) { numbers.cost_types.front() *= 0.1; }

void ThinFirstType(MarketNumbers& numbers) {
  numbers.probabilities.front() *= 0.01;
  Renormalise(numbers.probabilities);
}

}  // namespace

MarketNumbers MarketNumbers::Of(const ScreeningMarket& market) {
  MarketNumbers numbers;
  numbers.cost_types.assign(market.cost_types().begin(), market.cost_types().end());
  numbers.probabilities.assign(market.probabilities().begin(), market.probabilities().end());
  numbers.value_scale = market.value_scale();
  numbers.value_rate = market.value_rate();
  numbers.cost_curvature = market.cost_curvature();
  numbers.quality_min = market.quality_min();
  numbers.quality_max = market.quality_max();
  numbers.budget = market.budget_per_vehicle();
  return numbers;
}

absl::StatusOr<ScreeningMarket> MarketNumbers::ToMarket() const {
  contract::ScreeningMarketSpec spec;
  spec.cost_types = cost_types;
  spec.probabilities = probabilities;
  spec.value_scale = value_scale;
  spec.value_rate = value_rate;
  spec.cost_curvature = cost_curvature;
  spec.quality_min = quality_min;
  spec.quality_max = quality_max;
  spec.budget = budget;
  return ScreeningMarket::Create(spec);
}

ScreeningMarket Misannounced(const ScreeningMarket& market, double spread, absl::Span<const double> normals) {
  MarketNumbers numbers = MarketNumbers::Of(market);
  for (std::size_t k = 0; k < numbers.probabilities.size(); ++k) {
    numbers.probabilities[k] *= std::exp(spread * normals[k]);
  }
  Renormalise(numbers.probabilities);
  return Require(numbers);
}

absl::Span<const Shift> Shifts() {
  static const Shift kShifts[] = {
      {"none", KeepAsIs},
      {"omega x 2", DoubleValueScale},
      {"a x 3", TripleValueRate},
      {"kappa 2", BendCosts},
      {"q_min .2", RaiseLowestQuality},
      {"q_max .5", CutHighestQuality},
      {"types crowded x .1", CrowdTypes},
      {"cheapest two .001 apart", NearTwins},
      {"theta_1 x .1", CheapenFirstType},
      {"p_1 x .01", ThinFirstType},
  };
  return kShifts;
}

ScreeningMarket Shifted(const ScreeningMarket& market, const Shift& shift) {
  MarketNumbers numbers = MarketNumbers::Of(market);
  shift.apply(numbers);
  if (numbers.budget) {
    const double quality = kLeastBudgetQuality * numbers.quality_min;
    const double least = numbers.cost_types.back() * (quality + 0.5 * numbers.cost_curvature * quality * quality);
    numbers.budget = std::max(*numbers.budget, least);
  }
  return Require(numbers);
}

}  // namespace giot::bench
