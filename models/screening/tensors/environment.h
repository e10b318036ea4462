#pragma once

#include <memory>

#include "models/contract/market_sampler.h"
#include "models/policy/environment.h"
#include "models/screening/tensors/features.h"

namespace giot::screening {

// The screening market: reward and objective are the server utility of the decoded
// menu over that of the best pooling menu (floored); held-out markets are measured
// against the exact optimum. One channel, the quality level.
std::shared_ptr<const policy::Environment> MakeEnvironment(const contract::MarketDistribution& distribution = {},
                                                           SeenCosts seen = SeenCosts::kVirtual);

}  // namespace giot::screening
