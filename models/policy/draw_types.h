#pragma once

#include <torch/torch.h>

#include <cstdint>

namespace giot::policy {

// Ranges of contract::SampleCostTypes and SampleProbabilities.
struct TypeRanges {
  int types_min, types_max;
  double first_type_min, first_type_max;
  double last_type_min, last_type_max;
};

// The vehicle types of `count` random markets, [count, types_max], normalised.
struct DrawnTypes {
  torch::Tensor cost_types;     // 1 on padding.
  torch::Tensor probabilities;  // 0 on padding.
  torch::Tensor mask;
  torch::Tensor unit;  // [count, 1], theta_K before it became 1.
};

// As contract's samplers draw them, on `options`' device from its default generator,
// without synchronising with the host.
DrawnTypes DrawTypes(const TypeRanges& ranges, std::int64_t count, const torch::TensorOptions& options);

// [count, 1], uniform in [low, high).
torch::Tensor DrawUniform(double low, double high, std::int64_t count, const torch::TensorOptions& options);

}  // namespace giot::policy
