#include "models/policy/draw_types.h"

namespace giot::policy {

using torch::Tensor;

Tensor DrawUniform(double low, double high, std::int64_t count, const torch::TensorOptions& options) {
  return low + (high - low) * torch::rand({count, 1}, options);
}

DrawnTypes DrawTypes(const TypeRanges& ranges, std::int64_t count, const torch::TensorOptions& options) {
  const std::int64_t padded = ranges.types_max;
  const Tensor types = torch::randint(ranges.types_min, ranges.types_max + 1, {count, 1}, options);
  const Tensor index = torch::arange(padded, options).unsqueeze(0);
  const Tensor mask = (index < types).to(torch::kFloat32);

  const Tensor first = DrawUniform(ranges.first_type_min, ranges.first_type_max, count, options);
  const Tensor last = DrawUniform(ranges.last_type_min, ranges.last_type_max, count, options);
  const Tensor exponential = -torch::log1p(-torch::rand({count, padded}, options));
  const Tensor spacing = (exponential + 0.15) * mask * (index > 0);
  const Tensor position = spacing.cumsum(1) / spacing.sum(1, true);
  const Tensor theta = (first + (last - first) * position) / last;

  const Tensor gamma = torch::_standard_gamma(torch::full({count, padded}, 1.5, options));
  const Tensor mass = (gamma + 0.08) * mask;
  return {torch::where(mask > 0, theta, torch::ones_like(theta)), mass / mass.sum(1, true), mask, last};
}

}  // namespace giot::policy
