#include "models/uncertain/feasible_decode.h"

#include <limits>
#include <vector>

#include "gtest/gtest.h"
#include "models/uncertain/audit.h"
#include "tests/models/uncertain/market_fixture.h"

namespace giot::uncertain {
namespace {

// Linear costs: C(q) = q. nu + 8 tau = .5.
MarketFixture TwoTypes() {
  MarketFixture fixture;
  fixture.cost_types = {0.5, 1.0};
  fixture.probabilities = {0.25, 0.75};
  fixture.cost_curvature = 0.0;
  return fixture;
}

TEST(DecodeLevelsTest, ReadsQualitiesThenSharesOfTheOpenRent) {
  const UncertainMarket market = *TwoTypes().Create();
  ASSERT_DOUBLE_EQ(LargestBaseRent(market), 0.5);
  const contract::Menu menu = DecodeLevels(market, std::vector<double>{0.6, -0.2, 0.5, -0.6});
  EXPECT_DOUBLE_EQ(menu[0].quality, 0.8);
  EXPECT_DOUBLE_EQ(menu[1].quality, 0.4);
  // u_2 = .2 x .5 = .1; u_1 = .1 + .5 (.4 + .75 x .4) = .45.
  EXPECT_DOUBLE_EQ(menu[1].reward, 0.1 + 0.4);
  EXPECT_DOUBLE_EQ(menu[0].reward, 0.45 + 0.4);
}

TEST(DecodeLevelsTest, TheEndsOfAShareAreTheTwoIncentiveConstraints) {
  const UncertainMarket market = *TwoTypes().Create();
  const contract::Menu least = DecodeLevels(market, std::vector<double>{0.6, -0.2, -1.0, 0.0});
  EXPECT_DOUBLE_EQ(least[0].reward - 0.5 * 0.8, least[1].reward - 0.5 * 0.4);  // Type 1 is indifferent.
  const contract::Menu most = DecodeLevels(market, std::vector<double>{0.6, -0.2, 1.0, 0.0});
  EXPECT_DOUBLE_EQ(most[0].reward - 1.0 * 0.8, most[1].reward - 1.0 * 0.4);  // Type 2 is.
}

TEST(DecodeLevelsTest, PoolsQualitiesInTheWrongOrderByTheirProbabilities) {
  const contract::Menu menu = DecodeLevels(*TwoTypes().Create(), std::vector<double>{-1.0, 0.6, 0.3, 0.0});
  EXPECT_DOUBLE_EQ(menu[0].quality, 0.75 * 0.8);
  EXPECT_DOUBLE_EQ(menu[1].quality, 0.75 * 0.8);
  EXPECT_DOUBLE_EQ(menu[0].reward, menu[1].reward);
}

TEST(DecodeLevelsTest, LevelsThatAreNoNumbersCountAsZero) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const UncertainMarket market = *MarketFixture().Create();
  const contract::Menu menu = DecodeLevels(market, std::vector<double>(6, nan));
  const contract::Menu zero = DecodeLevels(market, std::vector<double>(6, 0.0));
  for (int k = 0; k < 3; ++k) {
    EXPECT_EQ(menu[k].quality, zero[k].quality);
    EXPECT_EQ(menu[k].reward, zero[k].reward);
  }
}

TEST(DecodeLevelsTest, LevelsBeyondTheirRangeAreClamped) {
  const double infinity = std::numeric_limits<double>::infinity();
  const UncertainMarket market = *TwoTypes().Create();
  const contract::Menu menu = DecodeLevels(market, std::vector<double>{1e300, -5.0, infinity, -infinity});
  EXPECT_DOUBLE_EQ(menu[0].quality, 1.0);
  EXPECT_DOUBLE_EQ(menu[1].quality, 0.0);
  EXPECT_DOUBLE_EQ(menu[1].reward, 0.0);
  EXPECT_DOUBLE_EQ(menu[0].reward, 1.0);  // u_1 = .5 x 1.
}

// What is differentiated here: sum_k a_k q_k + b_k u_k, whose gradient with respect
// to the menu is (a, b).
std::vector<double> GradientOf(const UncertainMarket& market, const std::vector<double>& levels,
                               const MenuGradient& menu_gradient) {
  std::vector<double> gradient(levels.size());
  BackpropagateToLevels(market, levels, menu_gradient, absl::MakeSpan(gradient));
  return gradient;
}

TEST(BackpropagateToLevelsTest, FollowsTheChainRuleOfTwoTypes) {
  const UncertainMarket market = *TwoTypes().Create();
  // u_1 = u_2 + .5 (q_2 + .75 (q_1 - q_2)) at a rent level of .5; levels count half.
  const std::vector<double> gradient = GradientOf(market, {0.6, -0.2, 0.5, 0.0}, {{2.0, 3.0}, {10.0, 100.0}});
  EXPECT_DOUBLE_EQ(gradient[0], 0.5 * (2.0 + 10.0 * 0.5 * 0.75));
  EXPECT_DOUBLE_EQ(gradient[1], 0.5 * (3.0 + 10.0 * 0.5 * 0.25));
  EXPECT_DOUBLE_EQ(gradient[2], 0.5 * 10.0 * 0.5 * 0.4);
  EXPECT_DOUBLE_EQ(gradient[3], 0.5 * 110.0 * 0.5);
}

TEST(BackpropagateToLevelsTest, PooledQualitiesShareTheirGradientByProbability) {
  const UncertainMarket market = *TwoTypes().Create();
  const std::vector<double> gradient = GradientOf(market, {-0.5, 0.6, 0.0, 0.0}, {{2.0, 6.0}, {}});
  EXPECT_DOUBLE_EQ(gradient[0], 0.5 * 0.25 * 8.0);
  EXPECT_DOUBLE_EQ(gradient[1], 0.5 * 0.75 * 8.0);
}

TEST(BackpropagateToLevelsTest, LevelsThatAreEqualWithoutPoolingKeepTheirOwnGradient) {
  const UncertainMarket market = *TwoTypes().Create();
  const std::vector<double> gradient = GradientOf(market, {1.5, 1.0, 0.0, 0.0}, {{-6.0, -2.0}, {}});
  EXPECT_DOUBLE_EQ(gradient[0], -3.0);
  EXPECT_DOUBLE_EQ(gradient[1], -1.0);
}

TEST(BackpropagateToLevelsTest, VanishesOnlyWhereAStepUphillLeavesTheRange) {
  const UncertainMarket market = *TwoTypes().Create();
  std::vector<double> gradient = GradientOf(market, {1.0, -1.0, 0.0, -1.0}, {{1.0, -1.0}, {0.0, -1.0}});
  EXPECT_DOUBLE_EQ(gradient[0], 0.0);
  EXPECT_DOUBLE_EQ(gradient[1], 0.0);
  EXPECT_DOUBLE_EQ(gradient[3], 0.0);
  gradient = GradientOf(market, {1.0, -1.0, 0.0, -1.0}, {{-1.0, 1.0}, {0.0, 1.0}});
  EXPECT_DOUBLE_EQ(gradient[0], -0.5);
  EXPECT_DOUBLE_EQ(gradient[1], 0.5);
  EXPECT_DOUBLE_EQ(gradient[3], 0.25);
}

}  // namespace
}  // namespace giot::uncertain
