#pragma once

#include <torch/torch.h>

#include "models/freshness/market_sampler.h"
#include "models/policy/market_batch.h"

namespace giot::freshness {

// Draws `count` training markets, normalised, on `device`, from its default generator
// and without synchronising with the host. The same distribution as
// freshness::SampleMarket.
policy::MarketBatch GenerateMarkets(const FreshnessDistribution& distribution, std::int64_t count,
                                    torch::Device device);

}  // namespace giot::freshness
