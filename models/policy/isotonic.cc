#include "models/policy/isotonic.h"

#include <tuple>

namespace giot::policy {
namespace {

// Above any mean; finite, so that no gradient turns into 0 x infinity.
constexpr double kBeyond = 1e30;

}  // namespace

using torch::Tensor;

Tensor NonincreasingRegression(const Tensor& values, const Tensor& weights) {
  const std::int64_t types = values.size(1);
  const Tensor w = weights.to(torch::kDouble);
  const Tensor z = values.to(torch::kDouble);
  const Tensor weight_sum = w.cumsum(1);
  const Tensor value_sum = (w * z).cumsum(1);
  const Tensor weight_before = (weight_sum - w).unsqueeze(2);
  const Tensor value_before = (value_sum - w * z).unsqueeze(2);
  const Tensor block_weight = (weight_sum.unsqueeze(1) - weight_before).clamp_min(1e-15);
  const Tensor mean = (value_sum.unsqueeze(1) - value_before) / block_weight;  // [B, i, j]
  const Tensor invalid =
      torch::ones({types, types}, torch::TensorOptions(values.device()).dtype(torch::kBool)).tril(-1);
  const Tensor valid_mean = mean.masked_fill(invalid, -kBeyond);
  const Tensor max_over_j = std::get<0>(valid_mean.flip({2}).cummax(2)).flip({2});  // [B, i, k]: max_{j >= k}
  const Tensor reachable = max_over_j.masked_fill(invalid, kBeyond);
  const Tensor min_over_i = std::get<0>(reachable.cummin(1));
  return min_over_i.diagonal(0, 1, 2).to(values.dtype());
}

}  // namespace giot::policy
