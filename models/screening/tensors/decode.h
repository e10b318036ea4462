#pragma once

#include <torch/torch.h>

#include "models/policy/market_batch.h"

namespace giot::screening {

struct DecodedMenus {
  torch::Tensor quality;       // [B, K], nonincreasing; quality_min on padding.
  torch::Tensor unscaled_pay;  // [B, 1], expected pay before costs shrink to the budget, theta_K = 1 units.
};

// The batched, differentiable form of contract::DecodeLevels: the same menus to
// float32 rounding, on any device, without synchronising with the host. `levels`
// [B, K] in [-1, 1], `virtual_costs` as VirtualCosts(markets).
DecodedMenus Decode(const policy::MarketBatch& markets, const torch::Tensor& virtual_costs,
                    const torch::Tensor& levels);

// Server utility per vehicle of nonincreasing qualities [B, K] at least rewards,
// [B], in money where theta_K = 1:
//   sum_k p_k (omega ln(1 + a q_k) - phi_k C(q_k))
torch::Tensor Utility(const policy::MarketBatch& markets, const torch::Tensor& virtual_costs,
                      const torch::Tensor& quality);

// Utility per vehicle of the best pooling menu, [B]; scales the training loss.
torch::Tensor PoolingUtility(const policy::MarketBatch& markets);

}  // namespace giot::screening
