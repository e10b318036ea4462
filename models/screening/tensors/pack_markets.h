#pragma once

#include <torch/torch.h>

#include "absl/types/span.h"
#include "models/contract/screening_market.h"
#include "models/policy/market_batch.h"

namespace giot::screening {

// Columns of MarketBatch::globals, money in units where theta_K = 1.
enum GlobalColumn : int {
  kValueScale = 0,
  kValueRate,
  kCostCurvature,
  kQualityMin,
  kQualityMax,
  kHasBudget,  // 0 or 1
  kBudget,     // Per vehicle, money; 0 without a budget.
  kGlobalColumns
};

// Normalises and packs markets for the policy; K is the largest number of types
// among them, or `padded_types` if that is larger. A budget that buys q_max from
// everybody can never bind and counts as none.
policy::MarketBatch PackMarkets(absl::Span<const contract::ScreeningMarket> markets, torch::Device device,
                                int padded_types = 0);

}  // namespace giot::screening
