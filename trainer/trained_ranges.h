#pragma once

#include "models/bundle/manifest.h"
#include "models/contract/market_sampler.h"

namespace giot::trainer {

// The ranges that a policy trained on `distribution` may claim, in normalised
// money (theta_K = 1): all that SampleMarket can draw. Probabilities and
// spacings have no positive lower bound there; theirs is such that fewer than
// one draw in a thousand lies below it.
bundle::MarketRanges TrainedRanges(const contract::MarketDistribution& distribution);

}  // namespace giot::trainer
