#pragma once

#include <torch/torch.h>

#include "models/contract/market_sampler.h"
#include "models/policy/market_batch.h"

namespace giot::screening {

// Draws `count` training markets, padded to `distribution.types_max` types,
// normalised, on `device`, from its default generator and without synchronising
// with the host. The same distribution as contract::SampleMarket.
policy::MarketBatch GenerateMarkets(const contract::MarketDistribution& distribution, std::int64_t count,
                                    torch::Device device);

}  // namespace giot::screening
