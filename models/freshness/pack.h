#pragma once

#include "models/contract/market_traits.h"
#include "models/contract/packed_market.h"
#include "models/freshness/columns.h"
#include "models/freshness/freshness_market.h"

namespace giot::freshness {

// Normalises and packs a market.
contract::PackedMarket Pack(const FreshnessMarket& market);

// In units where the largest sensing cost is 1:
//   types
//   first_sensing            least sensing cost
//   first_update, last_update  least and largest update cost
//   value_scale, value_rate, staleness_rate
//   probability_min          least p_t
contract::MarketTraits Traits(const FreshnessMarket& market);

}  // namespace giot::freshness
