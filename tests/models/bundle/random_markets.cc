#include "tests/models/bundle/random_markets.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include "models/contract/market_sampler.h"
#include "models/contract/pack.h"
#include "models/freshness/market_sampler.h"
#include "models/freshness/pack.h"
#include "models/uncertain/market_sampler.h"
#include "models/uncertain/pack.h"

namespace giot::bundle {
namespace {

contract::PackedMarket RandomScreening(int types, std::mt19937_64& random) {
  contract::MarketDistribution distribution;
  distribution.types_min = distribution.types_max = types;
  distribution.budget_share = types % 2 == 0 ? 1.0 : 0.0;
  return contract::Pack(contract::SampleMarket(distribution, random));
}

contract::PackedMarket RandomUncertain(int types, std::mt19937_64& random) {
  uncertain::UncertainDistribution distribution;
  distribution.types_min = distribution.types_max = types;
  return uncertain::Pack(uncertain::SampleMarket(distribution, random));
}

}  // namespace

freshness::FreshnessMarket RandomFreshnessMarket(int types, std::mt19937_64& random) {
  const freshness::FreshnessMarket whole = freshness::SampleMarket({}, random);
  std::vector<std::size_t> order(static_cast<std::size_t>(whole.types()));
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::shuffle(order.begin(), order.end(), random);
  order.resize(static_cast<std::size_t>(types));
  std::vector<double> sensing;
  std::vector<double> update;
  std::vector<double> probabilities;
  double mass = 0.0;
  for (const std::size_t t : order) mass += whole.probabilities()[t];
  for (const std::size_t t : order) {
    sensing.push_back(whole.sensing_costs()[t]);
    update.push_back(whole.update_costs()[t]);
    probabilities.push_back(whole.probabilities()[t] / mass);
  }
  freshness::FreshnessMarketSpec spec;
  spec.sensing_costs = sensing;
  spec.update_costs = update;
  spec.probabilities = probabilities;
  spec.value_scale = whole.value_scale();
  spec.value_rate = whole.value_rate();
  spec.staleness_rate = whole.staleness_rate();
  return *freshness::FreshnessMarket::Create(spec);
}

contract::PackedMarket RandomMarket(Family family, int types, std::mt19937_64& random) {
  switch (family) {
    case Family::kScreening:
      return RandomScreening(types, random);
    case Family::kUncertain:
      return RandomUncertain(types, random);
    case Family::kFreshness:
      return freshness::Pack(RandomFreshnessMarket(types, random));
  }
  return {};
}

}  // namespace giot::bundle
