#include "models/freshness/least_rewards.h"

#include <limits>
#include <vector>

#include "gtest/gtest.h"
#include "tests/models/freshness/market_fixture.h"

namespace giot::freshness {
namespace {

Selection SelectionOf(const std::vector<int>& choices) {
  Selection selection;
  selection.fill(kOptsOut);
  for (std::size_t t = 0; t < choices.size(); ++t) selection[t] = choices[t];
  return selection;
}

// Types differ in theta alone, .5 and 1, and items in quality.
FreshnessMarket TwoSensingCosts() {
  MarketFixture fixture;
  fixture.sensing_costs = {0.5, 1.0};
  fixture.update_costs = {0.3, 0.3};
  fixture.probabilities = {0.5, 0.5};
  return *fixture.Create();
}

TEST(FindLeastRewardsTest, PaysTheInformationRentOfTheTextbook) {
  const FreshnessMarket market = TwoSensingCosts();
  const ItemTable items(market, std::vector<Item>{{0.8, 0.0, 9.0}, {0.4, 0.0, 9.0}});
  ItemRewards rewards;
  ASSERT_TRUE(FindLeastRewards(market, items, SelectionOf({0, 1}), rewards));
  EXPECT_DOUBLE_EQ(rewards[1], 0.4);
  EXPECT_DOUBLE_EQ(rewards[0], 0.4 + 0.5 * 0.4);
}

TEST(FindLeastRewardsTest, ThereAreNoneForTypesInTheWrongOrder) {
  const FreshnessMarket market = TwoSensingCosts();
  const ItemTable items(market, std::vector<Item>{{0.8, 0.0, 1.0}, {0.4, 0.0, 1.0}});
  ItemRewards rewards;
  EXPECT_FALSE(FindLeastRewards(market, items, SelectionOf({1, 0}), rewards));
}

TEST(FindLeastRewardsTest, ThereAreNoneThatKeepTheCheaperTypeOut) {
  const FreshnessMarket market = TwoSensingCosts();
  const ItemTable items(market, std::vector<Item>{{0.8, 0.0, 1.0}});
  ItemRewards rewards;
  EXPECT_FALSE(FindLeastRewards(market, items, SelectionOf({kOptsOut, 0}), rewards));
  ASSERT_TRUE(FindLeastRewards(market, items, SelectionOf({0, kOptsOut}), rewards));
  EXPECT_DOUBLE_EQ(rewards[0], 0.4);
}

TEST(FindLeastRewardsTest, ItemsThatNobodyPicksConstrainNothing) {
  const FreshnessMarket market = TwoSensingCosts();
  const ItemTable items(market, std::vector<Item>{{0.8, 0.0, 1.0}, {0.4, 0.0, 1.0}});
  ItemRewards rewards;
  ASSERT_TRUE(FindLeastRewards(market, items, SelectionOf({0, kOptsOut}), rewards));
  EXPECT_DOUBLE_EQ(rewards[0], 0.4);
  EXPECT_EQ(rewards[1], -std::numeric_limits<double>::infinity());
}

TEST(FindLeastRewardsTest, FollowsChainsThroughBothCosts) {
  // (theta, delta) = (.2, .2), (.2, 1), (1, 1): the third type's (.5, .5) costs it 1 and
  // gives the second a rent of .4; its (1, .5) costs it .7 and gives the first .8;
  // the first's (1, 1) costs it .4.
  MarketFixture fixture;
  fixture.sensing_costs = {0.2, 0.2, 1.0};
  fixture.update_costs = {0.2, 1.0, 1.0};
  const FreshnessMarket market = *fixture.Create();
  const ItemTable items(market, std::vector<Item>{{1.0, 1.0, 0.0}, {1.0, 0.5, 0.0}, {0.5, 0.5, 0.0}});
  ItemRewards rewards;
  ASSERT_TRUE(FindLeastRewards(market, items, SelectionOf({0, 1, 2}), rewards));
  EXPECT_NEAR(rewards[2], 1.0, 1e-15);
  EXPECT_NEAR(rewards[1], 0.7 + 0.4, 1e-15);
  EXPECT_NEAR(rewards[0], 0.4 + (1.1 - 0.3), 1e-15);
}

}  // namespace
}  // namespace giot::freshness
