#pragma once

#include <torch/torch.h>

#include "models/policy/market_batch.h"

namespace giot::screening {

// Costs [B, K] averaged over types of about the same level, both [B, K]:
//   shared_k = sum_j w_kj cost_j / sum_j w_kj,  w_kj = p_j exp(-((level_k - level_j) / width)^2)
// The cost itself on padding. Differentiable in the levels; never synchronises with the host.
torch::Tensor SharedCosts(const policy::MarketBatch& markets, const torch::Tensor& costs, const torch::Tensor& levels,
                          double width);

}  // namespace giot::screening
