#include "models/freshness/settle.h"

#include <cmath>
#include <set>
#include <vector>

#include "gtest/gtest.h"
#include "models/freshness/audit.h"
#include "models/freshness/utility.h"
#include "tests/models/freshness/market_fixture.h"

namespace giot::freshness {
namespace {

TEST(SettleTest, TypesPickRewardsFallAndTheRestVanishes) {
  // theta .5 and 1; the middle item suits nobody.
  MarketFixture fixture;
  fixture.sensing_costs = {0.5, 1.0};
  fixture.update_costs = {0.3, 0.3};
  fixture.probabilities = {0.5, 0.5};
  const FreshnessMarket market = *fixture.Create();
  const SettledMenu settled = Settle(market, std::vector<Item>{{0.4, 1.0, 0.8}, {0.6, 1.0, 0.9}, {0.8, 1.0, 1.05}});
  ASSERT_EQ(settled.menu.size(), 2);
  EXPECT_EQ(settled.candidate[0], 0);
  EXPECT_EQ(settled.candidate[1], 2);
  EXPECT_EQ(settled.menu.choice(0), 1);
  EXPECT_EQ(settled.menu.choice(1), 0);
  EXPECT_DOUBLE_EQ(settled.menu[0].reward, 0.4 + 0.3);
  EXPECT_DOUBLE_EQ(settled.menu[1].reward, 0.7 + 0.5 * 0.4);
  EXPECT_DOUBLE_EQ(settled.utility_per_vehicle, 0.5 * (std::log(5.0) - 0.7) + 0.5 * (std::log(9.0) - 0.9));
}

TEST(SettleTest, ItemsThatNobodyTakesLeaveAnEmptyMenu) {
  const SettledMenu settled = Settle(*MarketFixture().Create(), std::vector<Item>{{1.0, 1.0, 0.1}, {0.5, 0.5, 0.0}});
  EXPECT_EQ(settled.menu.size(), 0);
  EXPECT_EQ(settled.menu.choice(0), kOptsOut);
  EXPECT_EQ(settled.utility_per_vehicle, 0.0);
}

TEST(SettleTest, KeepsAsManyItemsAsFit) {
  MarketFixture fixture = EvenLadders(4);
  fixture.value_scale = 3.0;
  const FreshnessMarket market = *fixture.Create();
  const SettledMenu settled = Settle(market, OneItemForEachType(market));
  ASSERT_EQ(settled.menu.size(), 16);
  for (int t = 0; t < 16; ++t) EXPECT_EQ(settled.menu.choice(t), t);
  EXPECT_TRUE(Audit(market, settled.menu).Feasible(1e-12));
}

TEST(SettleTest, WithdrawsWhatEarnsLeastWhereItemsDoNotFit) {
  MarketFixture fixture = EvenLadders(5);
  fixture.value_scale = 3.0;
  // Nine types that hardly exist: what they alone take earns next to nothing.
  const std::set<int> rare = {0, 3, 6, 7, 11, 14, 16, 20, 23};
  for (int t = 0; t < 25; ++t) {
    fixture.probabilities[static_cast<std::size_t>(t)] = rare.count(t) > 0 ? 1e-6 : (1.0 - 9e-6) / 16.0;
  }
  const FreshnessMarket market = *fixture.Create();
  const SettledMenu settled = Settle(market, OneItemForEachType(market));
  EXPECT_LE(settled.menu.size(), 16);
  EXPECT_GT(settled.menu.size(), 8);
  for (int j = 0; j < settled.menu.size(); ++j) {
    EXPECT_EQ(rare.count(settled.candidate[static_cast<std::size_t>(j)]), 0U) << "item " << j;
  }
  const AuditReport audit = Audit(market, settled.menu);
  EXPECT_TRUE(audit.Feasible(1e-12));
  EXPECT_DOUBLE_EQ(audit.realised.truthful, 1.0);
  EXPECT_DOUBLE_EQ(audit.realised.participation, 1.0);  // Rare types take another item.
}

TEST(SettleTest, TypesThatBecomeIndifferentMoveToWhatTheServerPrefers) {
  // Type 0 picks the better item and type 1 the other, whose reward falls to .5; the
  // better one's falls to .7, at which type 0 does not mind. The server does: it
  // earns ln(81) / 4 - .7 < ln(41) / 4 - .5.
  MarketFixture fixture;
  fixture.sensing_costs = {0.5, 1.0};
  fixture.update_costs = {0.1, 0.1};
  fixture.probabilities = {0.5, 0.5};
  fixture.value_scale = 0.25;
  fixture.value_rate = 100.0;
  const SettledMenu settled = Settle(*fixture.Create(), std::vector<Item>{{0.4, 1.0, 0.55}, {0.8, 1.0, 0.8}});
  ASSERT_EQ(settled.menu.size(), 1);
  EXPECT_EQ(settled.candidate[0], 0);
  EXPECT_EQ(settled.menu.choice(0), 0);
  EXPECT_DOUBLE_EQ(settled.utility_per_vehicle, 0.25 * std::log(41.0) - 0.5);
}

TEST(SettleTest, TypesDoNotMoveWhereThatWouldCostMoreThanItEarns) {
  // The item (1, 0) is type 0's, for .5; type 1 has (1, .0001) for its cost. It is
  // indifferent to the other but for 5e-7, and would earn the server .00001 more there,
  // but the other's reward would have to rise by 5e-7, for 99 vehicles of 100.
  MarketFixture fixture;
  fixture.sensing_costs = {0.5, 0.5 + 5e-7};
  fixture.update_costs = {0.3, 0.1};
  fixture.probabilities = {0.99, 0.01};
  fixture.staleness_rate = 0.0;
  const SettledMenu settled =
      Settle(*fixture.Create(), std::vector<Item>{{1.0, 0.0, 0.5}, {1.0, 1e-4, 0.5 + 5e-7 + 1e-5 + 1e-5}});
  ASSERT_EQ(settled.menu.size(), 2);
  EXPECT_EQ(settled.menu.choice(0), 0);
  EXPECT_EQ(settled.menu.choice(1), 1);
  EXPECT_NEAR(settled.menu[0].reward, 0.5, 1e-15);
  EXPECT_NEAR(settled.menu[1].reward, 0.5 + 5e-7 + 1e-5, 1e-15);
}

TEST(SettleTest, SettlingASettledMenuChangesNothing) {
  const FreshnessMarket market = *EvenLadders(4).Create();
  const SettledMenu once = Settle(market, OneItemForEachType(market));
  const SettledMenu twice = Settle(market, once.menu.items());
  EXPECT_EQ(once.menu.selection(), twice.menu.selection());
  for (int j = 0; j < once.menu.size(); ++j) EXPECT_NEAR(once.menu[j].reward, twice.menu[j].reward, 1e-12);
}

TEST(SettleTest, EndsWhereMoneyOverflows) {
  MarketFixture fixture = EvenLadders(5);
  fixture.value_scale = 1e308;
  fixture.value_rate = 1e300;
  const FreshnessMarket market = *fixture.Create();
  EXPECT_LE(Settle(market, OneItemForEachType(market)).menu.size(), kMaxItems);
}

TEST(SettleTest, UtilityIsThatOfTheMenu) {
  const FreshnessMarket market = *EvenLadders(3).Create();
  const SettledMenu settled = Settle(market, OneItemForEachType(market));
  EXPECT_NEAR(settled.utility_per_vehicle, Utility(market, settled.menu), 1e-14);
}

}  // namespace
}  // namespace giot::freshness
