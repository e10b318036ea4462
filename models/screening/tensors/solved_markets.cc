#include "models/screening/tensors/solved_markets.h"

#include <random>

#include "models/contract/exact.h"

namespace giot::screening {

SolvedMarkets SampleSolvedMarkets(const contract::MarketDistribution& distribution, int count, std::uint64_t seed) {
  SolvedMarkets solved;
  std::mt19937_64 random(seed);
  const int most_draws = 10 * count;
  for (int draw = 0; draw < most_draws && static_cast<int>(solved.markets.size()) < count; ++draw) {
    const contract::ScreeningMarket market = contract::SampleMarket(distribution, random);
    const double optimum = contract::SolveExact(market).utility_per_vehicle;
    if (optimum <= 0.0) continue;
    solved.markets.push_back(market);
    solved.optima.push_back(optimum);
  }
  return solved;
}

}  // namespace giot::screening
