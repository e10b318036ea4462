#include "models/screening/tensors/market_generator.h"

#include <cmath>

#include "models/policy/draw_types.h"

namespace giot::screening {

using torch::Tensor;

policy::MarketBatch GenerateMarkets(const contract::MarketDistribution& d, std::int64_t count, torch::Device device) {
  const auto options = torch::TensorOptions(device).dtype(torch::kFloat32);
  const auto uniform = [&](double low, double high) { return policy::DrawUniform(low, high, count, options); };
  const policy::DrawnTypes types = policy::DrawTypes(
      {d.types_min, d.types_max, d.first_type_min, d.first_type_max, d.last_type_min, d.last_type_max}, count, options);
  const Tensor omega = uniform(d.value_scale_min, d.value_scale_max) / types.unit;
  const Tensor rate = uniform(std::log(d.value_rate_min), std::log(d.value_rate_max)).exp();
  const Tensor curvature = uniform(0.0, d.cost_curvature_max);
  const Tensor quality_min = uniform(d.quality_min_min, d.quality_min_max);
  const Tensor has_budget = (torch::rand({count, 1}, options) < d.budget_share).to(torch::kFloat32);
  const Tensor lowest = 1.15 * quality_min;
  const Tensor bought = lowest + (0.9 - lowest) * torch::rand({count, 1}, options);
  const Tensor budget = (bought + 0.5 * curvature * bought * bought) * has_budget;
  const Tensor globals =
      torch::cat({omega, rate, curvature, quality_min, torch::ones_like(omega), has_budget, budget}, 1);
  return {types.cost_types, types.probabilities, types.mask, globals};
}

}  // namespace giot::screening
