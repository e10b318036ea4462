#pragma once

#include <torch/torch.h>

#include "absl/types/span.h"
#include "models/freshness/pack.h"
#include "models/policy/market_batch.h"

namespace giot::freshness {

// delta_t, [B, K].
torch::Tensor UpdateCosts(const policy::MarketBatch& markets);

// Normalises and packs markets, padded to kMaxTypes.
policy::MarketBatch PackMarkets(absl::Span<const FreshnessMarket> markets, torch::Device device);

}  // namespace giot::freshness
