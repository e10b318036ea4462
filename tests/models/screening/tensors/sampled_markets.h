#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include "models/contract/market_sampler.h"

namespace giot::screening {

// `count` markets of the training distribution.
inline std::vector<contract::ScreeningMarket> SampleMarkets(int count, std::uint64_t seed,
                                                            const contract::MarketDistribution& distribution = {}) {
  std::mt19937_64 random(seed);
  std::vector<contract::ScreeningMarket> markets;
  for (int i = 0; i < count; ++i) markets.push_back(contract::SampleMarket(distribution, random));
  return markets;
}

}  // namespace giot::screening
