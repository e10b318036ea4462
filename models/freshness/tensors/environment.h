#pragma once

#include <memory>

#include "models/freshness/market_sampler.h"
#include "models/policy/environment.h"

namespace giot::freshness {

// The freshness market: three channels, quality, update rate and rent levels of one
// candidate item a type. The reward is the server utility of the settled candidates
// over that of a single item (floored); the objective adds a smoothed one, since what
// types pick has no gradient. Held-out markets are measured against the first-best
// upper bound.
std::shared_ptr<const policy::Environment> MakeEnvironment(const FreshnessDistribution& distribution = {});

}  // namespace giot::freshness
