#include "models/uncertain/tensors/market_generator.h"

#include <cmath>

#include "models/policy/draw_types.h"

namespace giot::uncertain {

using torch::Tensor;

policy::MarketBatch GenerateMarkets(const UncertainDistribution& d, std::int64_t count, torch::Device device) {
  const auto options = torch::TensorOptions(device).dtype(torch::kFloat32);
  const auto uniform = [&](double low, double high) { return policy::DrawUniform(low, high, count, options); };
  const policy::DrawnTypes types = policy::DrawTypes(
      {d.types_min, d.types_max, d.first_type_min, d.first_type_max, d.last_type_min, d.last_type_max}, count, options);
  const Tensor rate = uniform(std::log(d.value_rate_min), std::log(d.value_rate_max)).exp();
  const Tensor curvature = uniform(0.0, d.cost_curvature_max);
  const Tensor vehicles = torch::randint(d.vehicles_min, d.vehicles_max + 1, {count, 1}, options);
  const Tensor globals = torch::cat(
      {rate, curvature, vehicles, uniform(d.coverage_value_min, d.coverage_value_max) / types.unit,
       uniform(d.threshold_value_min, d.threshold_value_max) / types.unit, uniform(d.threshold_min, d.threshold_max),
       uniform(d.threshold_width_min, d.threshold_width_max), uniform(0.0, d.outside_option_max) / types.unit,
       uniform(d.participation_noise_min, d.participation_noise_max) / types.unit},
      1);
  return {types.cost_types, types.probabilities, types.mask, globals};
}

}  // namespace giot::uncertain
