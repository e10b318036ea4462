#include "models/bundle/canary_markets.h"

#include <random>

#include "models/contract/market_sampler.h"
#include "models/contract/pack.h"
#include "models/freshness/market_sampler.h"
#include "models/freshness/pack.h"
#include "models/uncertain/market_sampler.h"
#include "models/uncertain/pack.h"

namespace giot::bundle {
namespace {

constexpr int kCanaryTypes[] = {2, 3, 5, 8, 10, 16};
constexpr int kMarketsOfTypes = 2;
static_assert(std::size(kCanaryTypes) * kMarketsOfTypes == kCanaryCases);
constexpr int kSpareFactor = 10;
constexpr std::uint64_t kSeed = 20240229;

contract::PackedMarket DrawScreening(int types, bool budget, std::mt19937_64& random) {
  contract::MarketDistribution distribution;
  distribution.types_min = distribution.types_max = types;
  distribution.budget_share = budget ? 1.0 : 0.0;
  return contract::Pack(contract::SampleMarket(distribution, random));
}

contract::PackedMarket DrawUncertain(int types, std::mt19937_64& random) {
  uncertain::UncertainDistribution distribution;
  distribution.types_min = distribution.types_max = types;
  return uncertain::Pack(uncertain::SampleMarket(distribution, random));
}

}  // namespace

std::vector<contract::PackedMarket> CanaryMarkets(Family family) {
  std::mt19937_64 random(kSeed);
  std::vector<contract::PackedMarket> markets;
  if (family == Family::kFreshness) {
    for (int i = 0; i < kSpareFactor * kCanaryCases; ++i) {
      markets.push_back(freshness::Pack(freshness::SampleMarket({}, random)));
    }
    return markets;
  }
  for (int i = 0; i < kSpareFactor * kCanaryCases; ++i) {
    const int types = kCanaryTypes[i / kMarketsOfTypes % std::size(kCanaryTypes)];
    const bool budget = i % kMarketsOfTypes == 1;
    markets.push_back(family == Family::kScreening ? DrawScreening(types, budget, random)
                                                   : DrawUncertain(types, random));
  }
  return markets;
}

}  // namespace giot::bundle
