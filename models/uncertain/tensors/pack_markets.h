#pragma once

#include <torch/torch.h>

#include "absl/types/span.h"
#include "models/policy/market_batch.h"
#include "models/uncertain/uncertain_market.h"

namespace giot::uncertain {

// Columns of MarketBatch::globals, money in units where theta_K = 1.
enum GlobalColumn : int {
  kValueRate = 0,
  kCostCurvature,
  kVehicles,
  kCoverageValue,
  kThresholdValue,
  kThreshold,
  kThresholdWidth,
  kOutsideOption,
  kParticipationNoise,
  kGlobalColumns
};

// Normalises and packs markets, padded to `padded_types`, at least their own types.
policy::MarketBatch PackMarkets(absl::Span<const UncertainMarket> markets, torch::Device device,
                                int padded_types = kMaxTypes);

}  // namespace giot::uncertain
