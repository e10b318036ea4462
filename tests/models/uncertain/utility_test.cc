#include "models/uncertain/utility.h"

#include <cmath>
#include <vector>

#include "gtest/gtest.h"
#include "tests/models/uncertain/market_fixture.h"

namespace giot::uncertain {
namespace {

contract::Menu MenuOf(const std::vector<contract::Item>& items) {
  contract::Menu menu(static_cast<int>(items.size()));
  for (int k = 0; k < menu.size(); ++k) menu[k] = items[static_cast<std::size_t>(k)];
  return menu;
}

// The definition, scenario by scenario, with the market's own scalar functions.
double ByDefinition(const UncertainMarket& market, const Scenarios& scenarios, const contract::Menu& menu) {
  double utility = 0.0;
  for (int k = 0; k < market.types(); ++k) {
    const auto type = static_cast<std::size_t>(k);
    const double rent = menu[k].reward - market.cost_types()[type] * market.Cost(menu[k].quality);
    utility -= market.probabilities()[type] * market.Participation(rent) * menu[k].reward;
  }
  for (std::size_t s = 0; s < kScenarios; ++s) {
    double coverage = 0.0;
    for (int k = 0; k < market.types(); ++k) {
      const double rent =
          menu[k].reward - market.cost_types()[static_cast<std::size_t>(k)] * market.Cost(menu[k].quality);
      coverage += scenarios.Weights(k)[s] * market.Participation(rent) * menu[k].quality;
    }
    utility += market.CoverageValue(coverage) / kScenarios;
  }
  return utility;
}

TEST(UtilityTest, AgreesWithItsDefinition) {
  const UncertainMarket market = *MarketFixture().Create();
  const Scenarios scenarios(market);
  for (const contract::Menu& menu : {MenuOf({{0.8, 0.9}, {0.5, 0.6}, {0.2, 0.3}}), MenuOf({{0, 0}, {0, 0}, {0, 0}}),
                                     MenuOf({{1, 5}, {1, 5}, {1, 5}}), MenuOf({{1, 0}, {1, 0}, {1, 0}})}) {
    EXPECT_NEAR(Utility(market, scenarios, menu), ByDefinition(market, scenarios, menu), 1e-13);
  }
}

TEST(UtilityTest, BuyingNothingIsWorthWhatNoCoverageIs) {
  const UncertainMarket market = *MarketFixture().Create();
  // sigmoid(-.3 / .04) = 1 / (1 + e^7.5)
  EXPECT_NEAR(Utility(market, Scenarios(market), MenuOf({{0, 0}, {0, 0}, {0, 0}})), 1.0 / (1.0 + std::exp(7.5)), 1e-16);
}

TEST(UtilityTest, PayIsOwedOnlyToThoseWhoTakePart) {
  MarketFixture fixture;
  fixture.coverage_value = 1e-9;
  fixture.threshold_value = 0.0;
  const UncertainMarket market = *fixture.Create();
  // Rents of nu and nu + tau ln 3, and far below: half, three quarters and nobody.
  const double high = 0.1 + 0.05 * std::log(3.0);
  const contract::Menu menu = MenuOf({{0.0, 0.1}, {0.0, high}, {1.0, 0.0}});
  EXPECT_NEAR(Utility(market, Scenarios(market), menu), -0.3 * 0.5 * 0.1 - 0.4 * 0.75 * high, 1e-8);
}

TEST(UtilityAndGradientTest, IsTheUtilityAndItsCentralDifferences) {
  const UncertainMarket market = *MarketFixture().Create();
  const Scenarios scenarios(market);
  const contract::Menu menu = MenuOf({{0.8, 0.75}, {0.5, 0.6}, {0.2, 0.3}});
  MenuGradient gradient;
  EXPECT_DOUBLE_EQ(UtilityAndGradient(market, scenarios, menu, gradient), Utility(market, scenarios, menu));
  constexpr double kStep = 1e-5;
  for (int k = 0; k < 3; ++k) {
    const double theta = market.cost_types()[static_cast<std::size_t>(k)];
    const auto at = [&](double quality_change, double rent_change) {
      contract::Menu moved = menu;
      moved[k].quality += quality_change;
      moved[k].reward += rent_change + theta * (market.Cost(moved[k].quality) - market.Cost(menu[k].quality));
      return Utility(market, scenarios, moved);
    };
    const double by_quality = (at(kStep, 0) - at(-kStep, 0)) / (2 * kStep);
    const double by_rent = (at(0, kStep) - at(0, -kStep)) / (2 * kStep);
    EXPECT_NEAR(gradient.quality[static_cast<std::size_t>(k)], by_quality, 1e-7) << "type " << k;
    EXPECT_NEAR(gradient.rent[static_cast<std::size_t>(k)], by_rent, 1e-7) << "type " << k;
  }
}

}  // namespace
}  // namespace giot::uncertain
