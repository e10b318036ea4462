#pragma once

#include <torch/torch.h>

#include "models/policy/market_batch.h"

namespace giot::policy {

// Virtual costs phi_k = theta_k + (P_{k-1} / p_k)(theta_k - theta_{k-1}), [B, K];
// 1 on padding (Myerson 1981). A plain function of the data: not ironed.
torch::Tensor VirtualCosts(const MarketBatch& markets);

}  // namespace giot::policy
