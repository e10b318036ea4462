#pragma once

#include "models/bundle/manifest.h"
#include "models/contract/market_sampler.h"
#include "models/freshness/market_sampler.h"
#include "models/uncertain/market_sampler.h"

namespace giot::trainer {

// The ranges that a policy trained on `distribution` may claim, by the names of the
// family's Traits and in its normalised money: all that SampleMarket can draw.
// Probabilities and spacings have no positive lower bound there; theirs is such that
// fewer than one draw in a thousand lies below it, and they have no upper one.
bundle::MarketRanges TrainedRanges(const contract::MarketDistribution& distribution);
bundle::MarketRanges TrainedRanges(const uncertain::UncertainDistribution& distribution);
bundle::MarketRanges TrainedRanges(const freshness::FreshnessDistribution& distribution);

}  // namespace giot::trainer
