#pragma once

#include <vector>

#include "models/bundle/family.h"
#include "models/contract/packed_market.h"

namespace giot::bundle {

// Markets that a new canary may ask about, from the family's training distribution, the
// same in every call: for screening 2 to 16 types, each number without and with budget;
// for uncertain the same numbers, twice each; for freshness, whose markets all have 25
// types, ten times as many as a canary has cases.
std::vector<contract::PackedMarket> CanaryMarkets(Family family);

// How many of them a canary has.
inline constexpr int kCanaryCases = 12;

}  // namespace giot::bundle
