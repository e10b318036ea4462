#include "client/vehicle.h"

#include <random>
#include <vector>

#include "gtest/gtest.h"
#include "models/contract/exact.h"
#include "models/contract/market_sampler.h"
#include "models/contract/post.h"

namespace giot::client {
namespace {

using contract::PostedMenu;
using contract::ScreeningMarket;

// C(q) = q + q^2 / 2, so that C(.2) = .22 and C(.4) = .48.
ScreeningMarket TwoTypes() {
  const std::vector<double> cost_types = {0.5, 1.0};
  const std::vector<double> probabilities = {0.25, 0.75};
  contract::ScreeningMarketSpec spec;
  spec.cost_types = cost_types;
  spec.probabilities = probabilities;
  spec.value_scale = 1.0;
  spec.value_rate = 10.0;
  spec.cost_curvature = 1.0;
  spec.quality_min = 0.1;
  const auto market = ScreeningMarket::Create(spec);
  EXPECT_TRUE(market.ok()) << market.status();
  return *market;
}

// Type 0 earns .26 here from its own item, .13 from the other's; type 1 earns
// .02 from its own and .02 from the other's.
PostedMenu TwoItems() {
  PostedMenu menu(2);
  menu[0] = {.quality_micros = 400'000, .reward_micros = 500'000};
  menu[1] = {.quality_micros = 200'000, .reward_micros = 240'000};
  return menu;
}

TEST(VehicleTest, UtilityIsRewardLessPrivateCost) {
  EXPECT_DOUBLE_EQ(VehicleUtility(TwoTypes(), TwoItems()[0], 0.5), 0.26);
  EXPECT_DOUBLE_EQ(VehicleUtility(TwoTypes(), TwoItems()[1], 0.5), 0.13);
}

TEST(VehicleTest, PicksTheItemThatPaysItMost) {
  EXPECT_EQ(ChooseItem(TwoTypes(), TwoItems(), 0.5), 0);
  EXPECT_EQ(ChooseItem(TwoTypes(), TwoItems(), 1.05), 1);
}

TEST(VehicleTest, PicksAnotherTypesItemWhereThatPaysMore) {
  PostedMenu menu = TwoItems();
  menu[0].reward_micros += 1;  // Type 1 now gains a micro-unit by pretending.
  EXPECT_EQ(ChooseItem(TwoTypes(), menu, 1.0), 0);
  EXPECT_FALSE(IsTruthful(menu, 1, 0));
}

TEST(VehicleTest, OptsOutOfEveryLoss) {
  PostedMenu menu(1);
  menu[0] = {.quality_micros = 200'000, .reward_micros = 219'999};
  EXPECT_EQ(ChooseItem(TwoTypes(), menu, 1.0), kOptOut);
}

TEST(VehicleTest, TakesPartAtNoGain) {
  PostedMenu menu(1);
  menu[0] = {.quality_micros = 0, .reward_micros = 0};
  EXPECT_EQ(ChooseItem(TwoTypes(), menu, 1.0), 0);
}

TEST(VehicleTest, ALossAtFirstDoesNotHideAGainLater) {
  PostedMenu menu(2);
  menu[0] = {.quality_micros = 400'000, .reward_micros = 100'000};
  menu[1] = {.quality_micros = 200'000, .reward_micros = 240'000};
  EXPECT_EQ(ChooseItem(TwoTypes(), menu, 1.0), 1);
}

TEST(VehicleTest, TruthIsAnItemEqualToItsOwn) {
  PostedMenu merged = TwoItems();
  merged[0] = merged[1];
  EXPECT_TRUE(IsTruthful(merged, 1, 0));
  EXPECT_TRUE(IsTruthful(TwoItems(), 1, 1));
  EXPECT_FALSE(IsTruthful(TwoItems(), 0, 1));
  EXPECT_FALSE(IsTruthful(TwoItems(), 0, kOptOut));
}

TEST(VehicleTest, TruthOfAnExcludedTypeIsToStayOut) {
  PostedMenu menu(1);
  menu[0] = {.quality_micros = 400'000, .reward_micros = 250'000};
  EXPECT_TRUE(IsTruthful(menu, 1, kOptOut));
  EXPECT_FALSE(IsTruthful(menu, 1, 0));
}

TEST(VehicleTest, TypesFollowTheAnnouncedProbabilities) {
  std::mt19937_64 random(5);
  int costly = 0;
  for (const int type : DrawTypes(TwoTypes(), 40'000, random)) costly += type;
  EXPECT_NEAR(costly, 30'000, 450);  // Five standard deviations.
}

TEST(VehicleTest, EveryTypeIsTruthfulOnPostedOptima) {
  std::mt19937_64 random(6);
  for (int i = 0; i < 2'000; ++i) {
    const ScreeningMarket market = contract::SampleMarket({}, random);
    const auto menu = contract::Post(market, contract::SolveExact(market).menu);
    ASSERT_TRUE(menu.ok()) << menu.status();
    for (int k = 0; k < market.types(); ++k) {
      const double cost_type = market.cost_types()[static_cast<std::size_t>(k)];
      EXPECT_TRUE(IsTruthful(*menu, k, ChooseItem(market, *menu, cost_type))) << "market " << i << " type " << k;
    }
  }
}

}  // namespace
}  // namespace giot::client
