#pragma once

#include <torch/torch.h>

#include "absl/types/span.h"
#include "models/contract/pack.h"
#include "models/contract/screening_market.h"
#include "models/policy/market_batch.h"

namespace giot::screening {

using enum contract::ScreeningColumn;

// Packs markets for the policy (contract::Pack); K is the largest number of types
// among them, or `padded_types` if that is larger.
policy::MarketBatch PackMarkets(absl::Span<const contract::ScreeningMarket> markets, torch::Device device,
                                int padded_types = 0);

}  // namespace giot::screening
