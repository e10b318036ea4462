#pragma once

#include <memory>

#include "models/policy/environment.h"
#include "models/uncertain/market_sampler.h"

namespace giot::uncertain {

// The market with uncertain participation: two channels, quality and rent levels. The
// objective is the expected server utility over freshly drawn scenarios, over that of
// a uniform menu (floored); held-out markets are measured on their own scenarios,
// against the first-best upper bound.
std::shared_ptr<const policy::Environment> MakeEnvironment(const UncertainDistribution& distribution = {});

}  // namespace giot::uncertain
