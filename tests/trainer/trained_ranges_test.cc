#include "trainer/trained_ranges.h"

#include <gtest/gtest.h>

#include <random>

namespace giot::trainer {
namespace {

int CountOutside(const bundle::MarketRanges& ranges, const contract::MarketDistribution& distribution, int draws) {
  std::mt19937_64 random(11);
  int outside = 0;
  for (int i = 0; i < draws; ++i) {
    outside += bundle::OutsideRanges(ranges, contract::SampleMarket(distribution, random)) ? 1 : 0;
  }
  return outside;
}

TEST(TrainedRanges, AreInMoneyWhereTheCostliestTypeIsOne) {
  const bundle::MarketRanges ranges = TrainedRanges({});
  EXPECT_DOUBLE_EQ(ranges.first_type.min, 0.1 / 1.5);
  EXPECT_DOUBLE_EQ(ranges.first_type.max, 0.6 / 0.8);
  EXPECT_DOUBLE_EQ(ranges.value_scale.min, 0.4 / 1.5);
  EXPECT_DOUBLE_EQ(ranges.value_scale.max, 2.0 / 0.8);
  EXPECT_DOUBLE_EQ(ranges.value_rate.max, 40.0);
}

TEST(TrainedRanges, HoldNearlyEveryMarketOfTheDistribution) {
  EXPECT_LE(CountOutside(TrainedRanges({}), {}, 10000), 10);
}

TEST(TrainedRanges, ExcludeMarketsOfAnotherDistribution) {
  contract::MarketDistribution dearer;
  dearer.value_rate_min = 50.0;
  dearer.value_rate_max = 60.0;
  EXPECT_EQ(CountOutside(TrainedRanges({}), dearer, 1000), 1000);
}

TEST(TrainedRanges, FollowTheNumberOfTypes) {
  contract::MarketDistribution small;
  small.types_min = 3;
  small.types_max = 5;
  const bundle::MarketRanges ranges = TrainedRanges(small);
  EXPECT_EQ(ranges.types.min, 3.0);
  EXPECT_EQ(ranges.types.max, 5.0);
  EXPECT_GT(ranges.probability_min, TrainedRanges({}).probability_min);
}

}  // namespace
}  // namespace giot::trainer
