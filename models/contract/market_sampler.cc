#include "models/contract/market_sampler.h"

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <iostream>

#include "absl/random/distributions.h"
#include "models/contract/type_sampler.h"

namespace giot::contract {

ScreeningMarket SampleMarket(const MarketDistribution& d, absl::BitGenRef random) {
  const auto types = static_cast<std::size_t>(absl::Uniform(absl::IntervalClosed, random, d.types_min, d.types_max));
  const double first = absl::Uniform(random, d.first_type_min, d.first_type_max);
  const double last = absl::Uniform(random, d.last_type_min, d.last_type_max);
  std::array<double, kMaxTypes> theta{};
  std::array<double, kMaxTypes> p{};
  SampleCostTypes(first, last, {theta.data(), types}, random);
  SampleProbabilities({p.data(), types}, random);

  ScreeningMarketSpec spec;
  spec.cost_types = {theta.data(), types};
  spec.probabilities = {p.data(), types};
  spec.value_scale = absl::Uniform(random, d.value_scale_min, d.value_scale_max);
  spec.value_rate = std::exp(absl::Uniform(random, std::log(d.value_rate_min), std::log(d.value_rate_max)));
  spec.cost_curvature = d.cost_curvature_max > 0.0 ? absl::Uniform(random, 0.0, d.cost_curvature_max) : 0.0;
  spec.quality_min = absl::Uniform(random, d.quality_min_min, d.quality_min_max);
  if (absl::Bernoulli(random, d.budget_share)) {
    const double bought = absl::Uniform(random, 1.15 * spec.quality_min, 0.9);
    spec.budget = last * (bought + 0.5 * spec.cost_curvature * bought * bought);
  }
  const absl::StatusOr<ScreeningMarket> market = ScreeningMarket::Create(spec);
  if (!market.ok()) {
    std::cerr << "market distribution yields an invalid market: " << market.status() << '\n';
    std::abort();
  }
  return *market;
}

}  // namespace giot::contract
