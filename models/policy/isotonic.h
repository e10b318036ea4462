#pragma once

#include <torch/torch.h>

namespace giot::policy {

// Batched weighted isotonic regression: the nonincreasing sequence closest to
// each row of `values` [B, K] under `weights` [B, K] (nonnegative; 0 on trailing
// padding, whose result is unspecified but finite), by the min-max formula
//   y_k = min_{i <= k} max_{j >= k} mean(v_i .. v_j)
// (Robertson, Wright and Dykstra 1988, theorem 1.4.4), and on the CPU by pooling
// adjacent violators. Never synchronises with the host; its gradient is that of the block
// means. The batched form of contract::MakeNonincreasing.
torch::Tensor NonincreasingRegression(const torch::Tensor& values, const torch::Tensor& weights);

}  // namespace giot::policy
