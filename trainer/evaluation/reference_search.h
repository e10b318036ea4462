#pragma once

#include <cstdint>

#include "trainer/evaluation/unsolved_market.h"

namespace giot::trainer {

// The best utility that a search without a policy finds, money a vehicle: levels 0,
// polished (search::Polish) with so many evaluations, at least 1. Same seed, same result.
double SearchBest(UnsolvedMarket& market, std::int64_t evaluations, std::uint64_t seed);

// The best utility of one item for everybody that CMA-ES finds from several starts, with
// a fixed effort that is ample for so few levels. Same seed, same result.
double BestSingleItem(UnsolvedMarket& market, std::uint64_t seed);

}  // namespace giot::trainer
