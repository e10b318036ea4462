#pragma once

#include "absl/status/statusor.h"
#include "models/contract/market_sampler.h"

namespace giot::trainer {

// The distribution of markets that the flags describe. InvalidArgument naming
// the flag that makes no sense.
absl::StatusOr<contract::MarketDistribution> MarketsFromFlags();

}  // namespace giot::trainer
