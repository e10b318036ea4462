#include "trainer/trained_ranges.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "models/contract/market_traits.h"
#include "models/freshness/pack.h"
#include "models/uncertain/pack.h"

namespace giot::trainer {
namespace {

template <typename Distribution>
int CountOutside(const bundle::MarketRanges& ranges, const Distribution& distribution, int draws) {
  std::mt19937_64 random(11);
  int outside = 0;
  for (int i = 0; i < draws; ++i) {
    outside += bundle::OutsideRanges(ranges, Traits(SampleMarket(distribution, random))) ? 1 : 0;
  }
  return outside;
}

TEST(TrainedRanges, AreInMoneyWhereTheCostliestTypeIsOne) {
  const bundle::MarketRanges ranges = TrainedRanges(contract::MarketDistribution{});
  EXPECT_DOUBLE_EQ(ranges.of.at("first_type").min, 0.1 / 1.5);
  EXPECT_DOUBLE_EQ(ranges.of.at("first_type").max, 0.6 / 0.8);
  EXPECT_DOUBLE_EQ(ranges.of.at("value_scale").min, 0.4 / 1.5);
  EXPECT_DOUBLE_EQ(ranges.of.at("value_scale").max, 2.0 / 0.8);
  EXPECT_DOUBLE_EQ(ranges.of.at("value_rate").max, 40.0);
  const bundle::MarketRanges uncertain = TrainedRanges(uncertain::UncertainDistribution{});
  EXPECT_DOUBLE_EQ(uncertain.of.at("participation_noise").max, 0.1 / 0.8);
  EXPECT_DOUBLE_EQ(uncertain.of.at("vehicles").max, 40.0);
  const bundle::MarketRanges freshness = TrainedRanges(freshness::FreshnessDistribution{});
  EXPECT_DOUBLE_EQ(freshness.of.at("last_update").min, 0.4 / 1.2);
  EXPECT_DOUBLE_EQ(freshness.of.at("last_update").max, 1.0 / 0.6);
}

TEST(TrainedRanges, HoldNearlyEveryMarketOfTheDistribution) {
  EXPECT_LE(CountOutside(TrainedRanges(contract::MarketDistribution{}), contract::MarketDistribution{}, 10000), 10);
  EXPECT_LE(CountOutside(TrainedRanges(uncertain::UncertainDistribution{}), uncertain::UncertainDistribution{}, 10000),
            10);
  EXPECT_LE(CountOutside(TrainedRanges(freshness::FreshnessDistribution{}), freshness::FreshnessDistribution{}, 10000),
            10);
}

TEST(TrainedRanges, ExcludeMarketsOfAnotherDistribution) {
  contract::MarketDistribution dearer;
  dearer.value_rate_min = 50.0;
  dearer.value_rate_max = 60.0;
  EXPECT_EQ(CountOutside(TrainedRanges(contract::MarketDistribution{}), dearer, 1000), 1000);
  uncertain::UncertainDistribution crowded;
  crowded.vehicles_min = 41;
  crowded.vehicles_max = 60;
  EXPECT_EQ(CountOutside(TrainedRanges(uncertain::UncertainDistribution{}), crowded, 1000), 1000);
  freshness::FreshnessDistribution stale;
  stale.staleness_rate_min = 0.6;
  stale.staleness_rate_max = 0.7;
  EXPECT_EQ(CountOutside(TrainedRanges(freshness::FreshnessDistribution{}), stale, 1000), 1000);
}

TEST(TrainedRanges, BoundProbabilitiesAndSpacingsFromBelowAlone) {
  const bundle::MarketRanges ranges = TrainedRanges(uncertain::UncertainDistribution{});
  for (const char* name : {"probability_min", "spacing_min"}) {
    EXPECT_GT(ranges.of.at(name).min, 0.0) << name;
    EXPECT_TRUE(std::isinf(ranges.of.at(name).max)) << name;
  }
}

TEST(TrainedRanges, FollowTheNumberOfTypes) {
  contract::MarketDistribution small;
  small.types_min = 3;
  small.types_max = 5;
  const bundle::MarketRanges ranges = TrainedRanges(small);
  EXPECT_EQ(ranges.of.at("types").min, 3.0);
  EXPECT_EQ(ranges.of.at("types").max, 5.0);
  EXPECT_GT(ranges.of.at("probability_min").min,
            TrainedRanges(contract::MarketDistribution{}).of.at("probability_min").min);
}

}  // namespace
}  // namespace giot::trainer
