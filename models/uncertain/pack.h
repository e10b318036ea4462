#pragma once

#include "models/contract/market_traits.h"
#include "models/contract/packed_market.h"
#include "models/uncertain/columns.h"
#include "models/uncertain/uncertain_market.h"

namespace giot::uncertain {

// Normalises and packs a market.
contract::PackedMarket Pack(const UncertainMarket& market);

// types, first_type (theta_1 / theta_K), the parameters of the market by their names in
// UncertainMarketSpec over theta_K where they are money, probability_min and spacing_min
// as for screening.
contract::MarketTraits Traits(const UncertainMarket& market);

}  // namespace giot::uncertain
