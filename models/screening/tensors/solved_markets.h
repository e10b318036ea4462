#pragma once

#include <cstdint>
#include <vector>

#include "models/contract/market_sampler.h"
#include "models/contract/screening_market.h"

namespace giot::screening {

// Random markets whose optimum is worth something.
struct SolvedMarkets {
  std::vector<contract::ScreeningMarket> markets;
  std::vector<double> optima;  // Utility per vehicle of the exact menu, money, positive.
};

// `count` of them, the same for the same seed; fewer if the distribution hardly has any.
SolvedMarkets SampleSolvedMarkets(const contract::MarketDistribution& distribution, int count, std::uint64_t seed);

}  // namespace giot::screening
