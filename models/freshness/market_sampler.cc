#include "models/freshness/market_sampler.h"

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <iostream>

#include "absl/random/distributions.h"

namespace giot::freshness {
namespace {

constexpr std::size_t kSteps = kLadderSteps;
constexpr std::size_t kTypes = kSteps * kSteps;
static_assert(kTypes <= static_cast<std::size_t>(kMaxTypes));

using Ladder = std::array<double, kSteps>;
using Row = std::array<double, kTypes>;

Ladder SampleLadder(double first, double last, absl::BitGenRef random) {
  Ladder position{};
  for (std::size_t i = 1; i < kSteps; ++i) position[i] = position[i - 1] + absl::Exponential<double>(random) + 0.2;
  Ladder ladder{};
  for (std::size_t i = 0; i < kSteps; ++i) ladder[i] = first + (last - first) * position[i] / position[kSteps - 1];
  return ladder;
}

// Gamma(1) is Exp(1).
Row SampleProbabilities(double correlation, absl::BitGenRef random) {
  const auto place = [](std::size_t step) { return 2.0 * static_cast<double>(step) / (kLadderSteps - 1) - 1.0; };
  Row p{};
  double sum = 0.0;
  for (std::size_t i = 0; i < kSteps; ++i) {
    for (std::size_t j = 0; j < kSteps; ++j) {
      p[i * kSteps + j] = (absl::Exponential<double>(random) + 0.05) * std::exp(correlation * place(i) * place(j));
      sum += p[i * kSteps + j];
    }
  }
  for (double& share : p) share /= sum;
  return p;
}

}  // namespace

FreshnessMarket SampleMarket(const FreshnessDistribution& d, absl::BitGenRef random) {
  const double first_sensing = absl::Uniform(random, d.first_sensing_min, d.first_sensing_max);
  const double last_sensing = absl::Uniform(random, d.last_sensing_min, d.last_sensing_max);
  const double first_update = absl::Uniform(random, d.first_update_min, d.first_update_max);
  const double last_update = absl::Uniform(random, d.last_update_min, d.last_update_max);
  const Ladder sensing = SampleLadder(first_sensing, last_sensing, random);
  const Ladder update = SampleLadder(first_update, last_update, random);
  const Row p = SampleProbabilities(absl::Uniform(random, d.correlation_min, d.correlation_max), random);
  Row sensing_costs{};
  Row update_costs{};
  for (std::size_t t = 0; t < kTypes; ++t) {
    sensing_costs[t] = sensing[t / kSteps];
    update_costs[t] = update[t % kSteps];
  }

  FreshnessMarketSpec spec;
  spec.sensing_costs = sensing_costs;
  spec.update_costs = update_costs;
  spec.probabilities = p;
  spec.value_scale = absl::Uniform(random, d.value_scale_min, d.value_scale_max);
  spec.value_rate = std::exp(absl::Uniform(random, std::log(d.value_rate_min), std::log(d.value_rate_max)));
  spec.staleness_rate = absl::Uniform(random, d.staleness_rate_min, d.staleness_rate_max);
  const absl::StatusOr<FreshnessMarket> market = FreshnessMarket::Create(spec);
  if (!market.ok()) {
    std::cerr << "market distribution yields an invalid market: " << market.status() << '\n';
    std::abort();
  }
  return *market;
}

}  // namespace giot::freshness
