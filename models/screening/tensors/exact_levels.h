#pragma once

#include <torch/torch.h>

#include "models/policy/market_batch.h"

namespace giot::screening {

// Levels [B, K] that decode to the optimal menu of each market (contract::SolveExact),
// 0 on padding: what a policy can be taught. The markets, on the CPU, must be valid ones;
// aborts otherwise. About a microsecond a market.
torch::Tensor ExactLevels(const policy::MarketBatch& markets);

// The same for MakeRawEnvironment: levels [B, 2 K] of the optimal menu's own qualities and
// rewards.
torch::Tensor ExactRawLevels(const policy::MarketBatch& markets);

}  // namespace giot::screening
