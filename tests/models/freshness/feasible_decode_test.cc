#include "models/freshness/feasible_decode.h"

#include <limits>
#include <vector>

#include "gtest/gtest.h"
#include "tests/models/freshness/market_fixture.h"

namespace giot::freshness {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

// Types differ in theta alone, .5 and 1.
MarketFixture TwoSensingCosts() {
  MarketFixture fixture;
  fixture.sensing_costs = {0.5, 1.0};
  fixture.update_costs = {0.3, 0.3};
  fixture.probabilities = {0.5, 0.5};
  return fixture;
}

TEST(DecodeLevelsTest, MapsLevelsLinearlyToQualitiesAndUpdateRates) {
  const SettledMenu settled =
      DecodeLevels(*TwoSensingCosts().Create(), std::vector<double>{0.6, -0.2, 0.0, 0.5, 0.0, 0.0});
  ASSERT_EQ(settled.menu.size(), 2);
  EXPECT_DOUBLE_EQ(settled.menu[0].quality, 0.8);
  EXPECT_DOUBLE_EQ(settled.menu[1].quality, 0.4);
  EXPECT_DOUBLE_EQ(settled.menu[0].update_rate, 0.5);
  EXPECT_DOUBLE_EQ(settled.menu[1].update_rate, 0.75);
}

TEST(DecodeLevelsTest, RentsDecideWhichCandidateATypePicks) {
  const FreshnessMarket market = *TwoSensingCosts().Create();
  // Type 1's candidate (.4, 1) leaves it no rent, and type 0 one of .2, as much as
  // level -.2 of type 0's own; it earns the server less.
  EXPECT_EQ(DecodeLevels(market, std::vector<double>{0.6, -0.2, 1.0, 1.0, -0.19, -1.0}).menu.size(), 2);
  EXPECT_EQ(DecodeLevels(market, std::vector<double>{0.6, -0.2, 1.0, 1.0, -0.21, -1.0}).menu.size(), 1);
}

TEST(DecodeLevelsTest, RewardsAreTheLeastWhateverTheRents) {
  const FreshnessMarket market = *TwoSensingCosts().Create();
  for (const double rent : {-0.19, 0.0, 0.5}) {
    const SettledMenu settled = DecodeLevels(market, std::vector<double>{0.6, -0.2, 1.0, 1.0, rent, -1.0});
    EXPECT_DOUBLE_EQ(settled.menu[1].reward, 0.4 + 0.3) << rent;
    EXPECT_DOUBLE_EQ(settled.menu[0].reward, 0.7 + 0.5 * 0.4) << rent;
  }
}

TEST(DecodeLevelsTest, NanCountsAsTheMiddleAndLevelsAreClamped) {
  const FreshnessMarket market = *TwoSensingCosts().Create();
  const Menu wild = DecodeLevels(market, std::vector<double>{kNan, -7.0, 1e300, kNan, 50.0, -1e300}).menu;
  const Menu tame = DecodeLevels(market, std::vector<double>{0.0, -1.0, 1.0, 0.0, 1.0, -1.0}).menu;
  ASSERT_EQ(wild.size(), tame.size());
  for (int j = 0; j < wild.size(); ++j) {
    EXPECT_EQ(wild[j].quality, tame[j].quality);
    EXPECT_EQ(wild[j].update_rate, tame[j].update_rate);
    EXPECT_EQ(wild[j].reward, tame[j].reward);
  }
}

TEST(DecodeItemLevelsTest, StatesItemsDirectly) {
  const FreshnessMarket market = *TwoSensingCosts().Create();
  std::vector<double> levels(kLevelChannels * kMaxItems, -1.0);
  // Item 3: (.4, 1) for .5 x 1.3; item 5: nothing for nothing.
  levels[3] = -0.2;
  levels[16 + 3] = 1.0;
  levels[32 + 3] = 0.0;
  const SettledMenu settled = DecodeItemLevels(market, levels);
  ASSERT_EQ(settled.menu.size(), 1);
  EXPECT_EQ(settled.candidate[0], 3);
  EXPECT_EQ(settled.menu.choice(0), 0);
  EXPECT_EQ(settled.menu.choice(1), kOptsOut);          // It would cost type 1 .7.
  EXPECT_DOUBLE_EQ(settled.menu[0].reward, 0.2 + 0.3);  // As it costs type 0.
}

}  // namespace
}  // namespace giot::freshness
