#pragma once

#include <random>

#include "models/bundle/family.h"
#include "models/contract/packed_market.h"
#include "models/freshness/freshness_market.h"

namespace giot::bundle {

// A market of the training distribution with so many types, as a policy sees it; a
// screening market of even number has a budget. Freshness markets, of which the
// distribution has 25 types, lose some of them.
contract::PackedMarket RandomMarket(Family family, int types, std::mt19937_64& random);

freshness::FreshnessMarket RandomFreshnessMarket(int types, std::mt19937_64& random);

}  // namespace giot::bundle
