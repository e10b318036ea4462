#pragma once

#include <torch/torch.h>

#include "models/policy/market_batch.h"
#include "models/uncertain/market_sampler.h"

namespace giot::uncertain {

// Draws `count` training markets, padded to `distribution.types_max` types,
// normalised, on `device`, from its default generator and without synchronising
// with the host. The same distribution as uncertain::SampleMarket.
policy::MarketBatch GenerateMarkets(const UncertainDistribution& distribution, std::int64_t count,
                                    torch::Device device);

}  // namespace giot::uncertain
