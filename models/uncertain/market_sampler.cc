#include "models/uncertain/market_sampler.h"

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <iostream>

#include "absl/random/distributions.h"
#include "models/contract/type_sampler.h"

namespace giot::uncertain {

UncertainMarket SampleMarket(const UncertainDistribution& d, absl::BitGenRef random) {
  const auto types = static_cast<std::size_t>(absl::Uniform(absl::IntervalClosed, random, d.types_min, d.types_max));
  const double first = absl::Uniform(random, d.first_type_min, d.first_type_max);
  const double last = absl::Uniform(random, d.last_type_min, d.last_type_max);
  std::array<double, kMaxTypes> theta{};
  std::array<double, kMaxTypes> p{};
  contract::SampleCostTypes(first, last, {theta.data(), types}, random);
  contract::SampleProbabilities({p.data(), types}, random);

  UncertainMarketSpec spec;
  spec.cost_types = {theta.data(), types};
  spec.probabilities = {p.data(), types};
  spec.value_rate = std::exp(absl::Uniform(random, std::log(d.value_rate_min), std::log(d.value_rate_max)));
  spec.cost_curvature = absl::Uniform(absl::IntervalClosed, random, 0.0, d.cost_curvature_max);
  spec.vehicles = absl::Uniform(absl::IntervalClosed, random, d.vehicles_min, d.vehicles_max);
  spec.coverage_value = absl::Uniform(random, d.coverage_value_min, d.coverage_value_max);
  spec.threshold_value = absl::Uniform(random, d.threshold_value_min, d.threshold_value_max);
  spec.threshold = absl::Uniform(random, d.threshold_min, d.threshold_max);
  spec.threshold_width = absl::Uniform(random, d.threshold_width_min, d.threshold_width_max);
  spec.outside_option = absl::Uniform(absl::IntervalClosed, random, 0.0, d.outside_option_max);
  spec.participation_noise = absl::Uniform(random, d.participation_noise_min, d.participation_noise_max);
  const absl::StatusOr<UncertainMarket> market = UncertainMarket::Create(spec);
  if (!market.ok()) {
    std::cerr << "market distribution yields an invalid market: " << market.status() << '\n';
    std::abort();
  }
  return *market;
}

}  // namespace giot::uncertain
