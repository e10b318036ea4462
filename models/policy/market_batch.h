#pragma once

#include <torch/torch.h>

#include "absl/types/span.h"
#include "models/contract/screening_market.h"

namespace giot::policy {

// Columns of MarketBatch::globals.
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

// B markets with up to K types, normalised so that the costliest type is 1.
// Types beyond a market's own are padding: mask 0, probability 0, cost type 1.
struct MarketBatch {
  torch::Tensor cost_types;     // [B, K] float32, ascending
  torch::Tensor probabilities;  // [B, K] float32
  torch::Tensor mask;           // [B, K] float32, 1 for real types
  torch::Tensor globals;        // [B, kGlobalColumns] float32

  std::int64_t size() const { return cost_types.size(0); }
  std::int64_t types() const { return cost_types.size(1); }
  // One column of globals, [B, 1].
  torch::Tensor global(GlobalColumn column) const { return globals.narrow(1, column, 1); }
};

// Normalises and packs markets for the policy; K is the largest number of types
// among them, or `padded_types` if that is larger. A budget that buys q_max from
// everybody can never bind and counts as none.
MarketBatch PackMarkets(absl::Span<const contract::ScreeningMarket> markets, torch::Device device,
                        int padded_types = 0);

// Rows [first, first + count) of a batch; shares storage.
MarketBatch Narrow(const MarketBatch& markets, std::int64_t first, std::int64_t count);

}  // namespace giot::policy
