#pragma once

#include <torch/torch.h>

#include "absl/types/span.h"
#include "models/freshness/freshness_market.h"
#include "models/policy/market_batch.h"

namespace giot::freshness {

// Columns of MarketBatch::globals, money in units where the largest sensing cost is 1.
// MarketBatch::cost_types holds the sensing costs theta_t.
enum GlobalColumn : int {
  kValueScale = 0,
  kValueRate,
  kStalenessRate,
  kUpdateCosts,  // The first of kMaxTypes columns: delta_t, 1 on padding.
  kGlobalColumns = kUpdateCosts + kMaxTypes
};

// delta_t, [B, K].
torch::Tensor UpdateCosts(const policy::MarketBatch& markets);

// Normalises and packs markets, padded to kMaxTypes.
policy::MarketBatch PackMarkets(absl::Span<const FreshnessMarket> markets, torch::Device device);

}  // namespace giot::freshness
