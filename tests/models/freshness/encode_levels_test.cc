#include "models/freshness/encode_levels.h"

#include <vector>

#include "gtest/gtest.h"
#include "models/freshness/feasible_decode.h"
#include "models/freshness/settle.h"
#include "tests/models/freshness/market_fixture.h"

namespace giot::freshness {
namespace {

std::vector<double> Encode(const FreshnessMarket& market, const Menu& menu, double margin) {
  std::vector<double> levels(kLevelChannels * static_cast<std::size_t>(market.types()));
  EncodeLevels(market, menu, margin, absl::MakeSpan(levels));
  return levels;
}

FreshnessMarket ValuableEvenLadders() {
  MarketFixture fixture = EvenLadders(4);
  fixture.value_scale = 3.0;
  return *fixture.Create();
}

TEST(EncodeLevelsTest, EveryMenuOfLeastRewardsIsWithinReach) {
  const FreshnessMarket market = ValuableEvenLadders();
  const SettledMenu settled = Settle(market, OneItemForEachType(market));
  ASSERT_EQ(settled.menu.size(), 16);
  const std::vector<double> levels = Encode(market, settled.menu, 0.0);
  for (const double level : levels) ASSERT_TRUE(level >= -1.0 && level <= 1.0) << level;
  const SettledMenu decoded = DecodeLevels(market, levels);
  EXPECT_EQ(decoded.menu.selection(), settled.menu.selection());
  EXPECT_NEAR(decoded.utility_per_vehicle, settled.utility_per_vehicle, 1e-14);
}

// Sensing costs .5 and 1: type 1 takes (.4, 1) at cost, type 0 (.8, 1) with a rent of .2, of at most .5.
FreshnessMarket TwoSensingCosts() {
  return *MarketFixture{.sensing_costs = {0.5, 1.0}, .update_costs = {0.3, 0.3}, .probabilities = {0.5, 0.5}}.Create();
}
Menu OneItemEach(const FreshnessMarket& market) {
  return DecodeLevels(market, std::vector<double>{0.6, -0.2, 1.0, 1.0, 0.0, -1.0}).menu;
}

TEST(EncodeLevelsTest, AMarginIsPaidInTheProposalAndNotInTheMenu) {
  const FreshnessMarket market = TwoSensingCosts();
  const Menu menu = OneItemEach(market);
  ASSERT_EQ(menu.size(), 2);
  const std::vector<double> exact = Encode(market, menu, 0.0);
  const std::vector<double> robust = Encode(market, menu, 0.05);
  EXPECT_NEAR(exact[4], -0.2, 1e-12);
  EXPECT_NEAR(robust[4], 0.0, 1e-12);
  EXPECT_EQ(DecodeLevels(market, robust).menu[0].reward, menu[0].reward);
}

TEST(EncodeLevelsTest, RobustLevelsWithstandNoiseThatBreaksExactOnes) {
  const FreshnessMarket market = TwoSensingCosts();
  const Menu menu = OneItemEach(market);
  std::vector<double> exact = Encode(market, menu, 0.0);
  std::vector<double> robust(exact.size());
  EncodeRobustLevels(market, menu, absl::MakeSpan(robust));
  exact[4] -= 1e-2;
  robust[4] -= 1e-2;
  EXPECT_EQ(DecodeLevels(market, exact).menu.size(), 1);
  EXPECT_EQ(DecodeLevels(market, robust).menu.selection(), menu.selection());
}

TEST(EncodeLevelsTest, ATypeThatOptsOutProposesNothing) {
  const FreshnessMarket market = *MarketFixture{}.Create();
  Menu menu(1);
  menu[0] = {0.5, 0.5, market.Cost(0, 0.5, 0.5)};
  menu.set_choice(0, 0);
  const std::vector<double> levels = Encode(market, menu, 0.0);
  for (const std::size_t at : {1, 2, 4, 5, 7, 8}) EXPECT_EQ(levels[at], -1.0) << at;
  EXPECT_EQ(levels[0], 0.0);
}

}  // namespace
}  // namespace giot::freshness
