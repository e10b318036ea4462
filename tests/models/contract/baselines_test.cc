#include "models/contract/baselines.h"

#include <algorithm>
#include <random>

#include "gtest/gtest.h"
#include "models/contract/audit.h"
#include "tests/models/contract/market_fixture.h"

namespace giot::contract {
namespace {

TEST(PoolingMenuTest, IsTheBestOfAllSingleItems) {
  for (const std::optional<double> budget : {std::optional<double>(), std::optional<double>(0.15)}) {
    MarketFixture fixture;
    fixture.budget = budget;
    const ScreeningMarket market = *fixture.Create();
    const Menu pooling = PoolingMenu(market);
    EXPECT_TRUE(Audit(market, pooling).Feasible(1e-14));
    const double reached = market.Value(pooling[0].quality) - pooling[0].reward;
    for (double quality = 0.05; quality <= 1.0; quality += 0.001) {
      const double reward = market.Cost(quality);
      if (budget && reward > *budget) break;
      ASSERT_LE(market.Value(quality) - reward, reached + 1e-12) << "quality " << quality;
    }
  }
}

TEST(LinearPriceMenuTest, ItemsLieOnOneLineAndEveryTypePrefersItsOwn) {
  MarketFixture fixture;
  fixture.budget = 0.4;
  const ScreeningMarket market = *fixture.Create();
  const Menu menu = LinearPriceMenu(market);
  EXPECT_TRUE(Audit(market, menu).Feasible(1e-12));
  const double first_slope = (menu[0].reward - menu[1].reward) / (menu[0].quality - menu[1].quality);
  const double second_slope = (menu[1].reward - menu[2].reward) / (menu[1].quality - menu[2].quality);
  EXPECT_NEAR(first_slope, second_slope, 1e-9);
}

TEST(LinearPriceMenuTest, IsTheBestOfAllPrices) {
  // kappa = 1 and q = price / theta - 1: type 1 (theta .5) and 2 (1.0) choose apart.
  MarketFixture fixture;
  fixture.cost_types = {0.5, 1.0};
  fixture.probabilities = {0.5, 0.5};
  fixture.cost_curvature = 1.0;
  const ScreeningMarket market = *fixture.Create();
  const double reached = Audit(market, LinearPriceMenu(market)).utility_per_vehicle;
  for (double price = 0.0; price <= 2.0; price += 1e-3) {
    const double first = std::clamp(price / 0.5 - 1.0, 0.05, 1.0);
    const double second = std::clamp(price - 1.0, 0.05, 1.0);
    const double base = market.Cost(second) - price * second;
    const double utility =
        0.5 * (market.Value(first) - base - price * first) + 0.5 * (market.Value(second) - base - price * second);
    ASSERT_LE(utility, reached + 1e-7) << "price " << price;
  }
}

TEST(RandomMonotoneMenuTest, IsFeasibleAndFollowsItsGenerator) {
  const ScreeningMarket market = *MarketFixture().Create();
  std::mt19937_64 first(1), again(1), other(2);
  const Menu menu = RandomMonotoneMenu(market, first);
  EXPECT_TRUE(Audit(market, menu).Feasible(1e-12));
  EXPECT_EQ(menu[0].quality, RandomMonotoneMenu(market, again)[0].quality);
  EXPECT_NE(menu[0].quality, RandomMonotoneMenu(market, other)[0].quality);
}

}  // namespace
}  // namespace giot::contract
