#include "models/contract/type_sampler.h"

#include <array>
#include <cstddef>

#include "absl/random/distributions.h"
#include "models/contract/screening_market.h"

namespace giot::contract {

void SampleCostTypes(double first, double last, absl::Span<double> cost_types, absl::BitGenRef random) {
  std::array<double, kMaxTypes> position{};
  const std::size_t types = cost_types.size();
  for (std::size_t k = 1; k < types; ++k) position[k] = position[k - 1] + absl::Exponential<double>(random) + 0.15;
  for (std::size_t k = 0; k < types; ++k) cost_types[k] = first + (last - first) * position[k] / position[types - 1];
}

void SampleProbabilities(absl::Span<double> probabilities, absl::BitGenRef random) {
  double sum = 0.0;
  for (double& p : probabilities) {
    // Gamma(3/2) = Exp(1) + N(0, 1)^2 / 2.
    const double normal = absl::Gaussian<double>(random);
    p = absl::Exponential<double>(random) + 0.5 * normal * normal + 0.08;
    sum += p;
  }
  for (double& p : probabilities) p /= sum;
}

}  // namespace giot::contract
