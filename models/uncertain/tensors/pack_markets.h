#pragma once

#include <torch/torch.h>

#include "absl/types/span.h"
#include "models/policy/market_batch.h"
#include "models/uncertain/pack.h"
#include "models/uncertain/uncertain_market.h"

namespace giot::uncertain {

// Normalises and packs markets, padded to `padded_types`, at least their own types.
policy::MarketBatch PackMarkets(absl::Span<const UncertainMarket> markets, torch::Device device,
                                int padded_types = kMaxTypes);

}  // namespace giot::uncertain
