#pragma once

#include <vector>

#include "models/bundle/family.h"
#include "models/contract/packed_market.h"

namespace giot::bundle {

// Markets that a new canary may ask about, from the family's training distribution, the
// same in every call, ten times as many as a canary has cases: for screening 2 to 16
// types, each number without and with budget, over and over; for uncertain the same
// numbers; for freshness 25 types, as all its markets have.
std::vector<contract::PackedMarket> CanaryMarkets(Family family);

// How many of them a canary has.
inline constexpr int kCanaryCases = 12;

}  // namespace giot::bundle
