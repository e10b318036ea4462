#include "models/freshness/market_sampler.h"

#include <algorithm>
#include <cmath>
#include <random>

#include "gtest/gtest.h"

namespace giot::freshness {
namespace {

TEST(SampleMarketTest, TypesAreAllPairsOfTwoAscendingLadders) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 100; ++i) {
    const FreshnessMarket market = SampleMarket({}, random);
    ASSERT_EQ(market.types(), 25);
    for (std::size_t t = 0; t < 25; ++t) {
      ASSERT_EQ(market.sensing_costs()[t], market.sensing_costs()[t - t % 5]);
      ASSERT_EQ(market.update_costs()[t], market.update_costs()[t % 5]);
    }
    for (std::size_t step = 1; step < 5; ++step) {
      ASSERT_GT(market.sensing_costs()[5 * step], market.sensing_costs()[5 * step - 1]);
      ASSERT_GT(market.update_costs()[step], market.update_costs()[step - 1]);
    }
  }
}

TEST(SampleMarketTest, StaysWithinItsRangesAndReachesNearTheirEnds) {
  std::mt19937_64 random(2);
  double lowest_rate = 100.0;
  double highest_rate = 0.0;
  for (int i = 0; i < 2000; ++i) {
    const FreshnessMarket market = SampleMarket({}, random);
    const auto within = [](double value, double low, double high) { return value >= low && value <= high; };
    ASSERT_TRUE(within(market.sensing_costs().front(), 0.1, 0.4));
    ASSERT_TRUE(within(market.sensing_costs().back(), 0.6, 1.2));
    ASSERT_TRUE(within(market.update_costs().front(), 0.05, 0.3));
    ASSERT_TRUE(within(market.update_costs().back(), 0.4, 1.0));
    ASSERT_TRUE(within(market.value_scale(), 0.8, 2.5));
    ASSERT_TRUE(within(market.value_rate(), 3.0, 20.0));
    ASSERT_TRUE(within(market.staleness_rate(), 0.1, 0.5));
    lowest_rate = std::min(lowest_rate, market.value_rate());
    highest_rate = std::max(highest_rate, market.value_rate());
  }
  EXPECT_LT(lowest_rate, 3.01);
  EXPECT_GT(highest_rate, 19.9);
}

TEST(SampleMarketTest, StepsOfALadderAreNeverTiny) {
  // Four spacings Exp + .2, whose sum exceeds 25 once in a million draws.
  std::mt19937_64 random(4);
  for (int i = 0; i < 2000; ++i) {
    const FreshnessMarket market = SampleMarket({}, random);
    const absl::Span<const double> costs = market.update_costs();
    for (std::size_t step = 1; step < 5; ++step) {
      ASSERT_GT(costs[step] - costs[step - 1], 0.2 / 25.0 * (costs[4] - costs[0]));
    }
  }
}

TEST(SampleMarketTest, CorrelationMakesLikeCostsGoTogether) {
  FreshnessDistribution distribution;
  distribution.correlation_min = 1.5;
  distribution.correlation_max = std::nextafter(1.5, 2.0);
  std::mt19937_64 random(3);
  double alike = 0.0;
  double opposed = 0.0;
  for (int i = 0; i < 2000; ++i) {
    const FreshnessMarket market = SampleMarket(distribution, random);
    alike += market.probabilities()[0] + market.probabilities()[24];
    opposed += market.probabilities()[4] + market.probabilities()[20];
  }
  EXPECT_NEAR(std::log(alike / opposed), 2.0 * 1.5, 0.15);
}

}  // namespace
}  // namespace giot::freshness
