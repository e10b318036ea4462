#include "models/screening/tensors/market_generator.h"

#include <cmath>

namespace giot::screening {
namespace {

using torch::Tensor;

struct Uniform {
  torch::TensorOptions options;
  std::int64_t count;
  Tensor operator()(double low, double high) const { return low + (high - low) * torch::rand({count, 1}, options); }
};

}  // namespace

policy::MarketBatch GenerateMarkets(const contract::MarketDistribution& distribution, std::int64_t count,
                                    torch::Device device) {
  const auto options = torch::TensorOptions(device).dtype(torch::kFloat32);
  const std::int64_t padded = distribution.types_max;
  const Uniform uniform{options, count};
  const Tensor types = torch::randint(distribution.types_min, distribution.types_max + 1, {count, 1}, options);
  const Tensor index = torch::arange(padded, options).unsqueeze(0);
  const Tensor mask = (index < types).to(torch::kFloat32);

  const Tensor first = uniform(distribution.first_type_min, distribution.first_type_max);
  const Tensor last = uniform(distribution.last_type_min, distribution.last_type_max);
  const Tensor exponential = -torch::log1p(-torch::rand({count, padded}, options));
  const Tensor spacing = (exponential + 0.15) * mask * (index > 0);
  const Tensor position = spacing.cumsum(1) / spacing.sum(1, true);
  const Tensor theta = (first + (last - first) * position) / last;

  const Tensor gamma = torch::_standard_gamma(torch::full({count, padded}, 1.5, options));
  const Tensor mass = (gamma + 0.08) * mask;

  const Tensor omega = uniform(distribution.value_scale_min, distribution.value_scale_max) / last;
  const Tensor rate = uniform(std::log(distribution.value_rate_min), std::log(distribution.value_rate_max)).exp();
  const Tensor curvature = uniform(0.0, distribution.cost_curvature_max);
  const Tensor quality_min = uniform(distribution.quality_min_min, distribution.quality_min_max);
  const Tensor has_budget = (torch::rand({count, 1}, options) < distribution.budget_share).to(torch::kFloat32);
  const Tensor lowest = 1.15 * quality_min;
  const Tensor bought = lowest + (0.9 - lowest) * torch::rand({count, 1}, options);
  const Tensor budget = (bought + 0.5 * curvature * bought * bought) * has_budget;
  const Tensor globals =
      torch::cat({omega, rate, curvature, quality_min, torch::ones_like(omega), has_budget, budget}, 1);
  return {torch::where(mask > 0, theta, torch::ones_like(theta)), mass / mass.sum(1, true), mask, globals};
}

}  // namespace giot::screening
