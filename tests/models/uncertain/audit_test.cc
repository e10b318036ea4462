#include "models/uncertain/audit.h"

#include <cmath>
#include <limits>

#include "gtest/gtest.h"
#include "models/uncertain/utility.h"
#include "tests/models/uncertain/market_fixture.h"

namespace giot::uncertain {
namespace {

// Linear costs, theta 0.5 and 1: utilities can be read off.
MarketFixture TwoTypes() {
  MarketFixture fixture;
  fixture.cost_types = {0.5, 1.0};
  fixture.probabilities = {0.25, 0.75};
  fixture.cost_curvature = 0.0;
  return fixture;
}

contract::Menu MenuOf(contract::Item first, contract::Item second) {
  contract::Menu menu(2);
  menu[0] = first;
  menu[1] = second;
  return menu;
}

AuditReport AuditOf(const contract::Menu& menu) {
  const UncertainMarket market = *TwoTypes().Create();
  return Audit(market, Scenarios(market), menu);
}

TEST(AuditTest, AcceptsAMenuBetweenItsConstraints) {
  // Rents .3 and .1; type 1 would have .3 with either item.
  const AuditReport report = AuditOf(MenuOf({0.8, 0.7}, {0.4, 0.5}));
  EXPECT_NEAR(report.worst_ir_slack, 0.1, 1e-15);
  EXPECT_NEAR(report.worst_ic_slack, 0.0, 1e-15);
  EXPECT_TRUE(report.within_bounds);
  EXPECT_TRUE(report.Feasible(1e-12));
  EXPECT_DOUBLE_EQ(report.truthful, 1.0);
}

TEST(AuditTest, ReportsWhoTakesPartAndWhatTheyAreWorth) {
  const UncertainMarket market = *TwoTypes().Create();
  const Scenarios scenarios(market);
  const contract::Menu menu = MenuOf({0.8, 0.7}, {0.4, 0.5});
  const AuditReport report = Audit(market, scenarios, menu);
  const double first = 1.0 / (1.0 + std::exp(-4.0));  // (.3 - nu) / tau = 4, and 0 for the second.
  EXPECT_NEAR(report.participation, 0.25 * first + 0.75 * 0.5, 1e-14);
  EXPECT_NEAR(report.pay_per_vehicle, 0.25 * first * 0.7 + 0.75 * 0.5 * 0.5, 1e-14);
  EXPECT_DOUBLE_EQ(report.utility_per_vehicle, Utility(market, scenarios, menu));
}

TEST(AuditTest, FindsTheVehicleThatWouldLoseMoney) {
  const AuditReport report = AuditOf(MenuOf({0.8, 0.6}, {0.4, 0.3}));
  EXPECT_NEAR(report.worst_ir_slack, -0.1, 1e-15);
  EXPECT_FALSE(report.Feasible(1e-12));
}

TEST(AuditTest, FindsTheVehicleThatWouldPretend) {
  const AuditReport report = AuditOf(MenuOf({0.8, 0.65}, {0.4, 0.5}));  // Type 1: .25 against .3.
  EXPECT_NEAR(report.worst_ic_slack, -0.05, 1e-15);
  EXPECT_DOUBLE_EQ(report.truthful, 0.75);
  EXPECT_FALSE(report.Feasible(1e-12));
}

TEST(AuditTest, ComparesEveryPairNotOnlyNeighbours) {
  MarketFixture fixture = TwoTypes();
  fixture.cost_types = {0.5, 0.8, 1.0};
  fixture.probabilities = {0.2, 0.4, 0.4};
  const UncertainMarket market = *fixture.Create();
  contract::Menu menu(3);
  menu[0] = {0.30, 0.30};
  menu[1] = {0.35, 0.32};
  menu[2] = {0.90, 0.95};  // Type 1 gains 0.5 here against 0.15 of its own.
  EXPECT_NEAR(Audit(market, Scenarios(market), menu).worst_ic_slack, 0.15 - 0.5, 1e-15);
}

TEST(AuditTest, RefusesQualitiesAndRewardsOutOfBounds) {
  EXPECT_FALSE(AuditOf(MenuOf({1.1, 0.9}, {0.4, 0.5})).within_bounds);
  EXPECT_FALSE(AuditOf(MenuOf({0.8, 0.7}, {-0.1, 0.5})).within_bounds);
  EXPECT_FALSE(AuditOf(MenuOf({0.8, 0.7}, {0.0, -0.1})).within_bounds);
  EXPECT_FALSE(AuditOf(MenuOf({0.8, std::numeric_limits<double>::infinity()}, {0.4, 0.5})).within_bounds);
  EXPECT_FALSE(AuditOf(MenuOf({std::numeric_limits<double>::quiet_NaN(), 0.7}, {0.4, 0.5})).Feasible(1e9));
}

AuditReport AuditOf(contract::PostedItem first, contract::PostedItem second) {
  const UncertainMarket market = *TwoTypes().Create();
  contract::PostedMenu menu(2);
  menu[0] = first;
  menu[1] = second;
  return Audit(market, Scenarios(market), menu);
}

TEST(AuditPostedTest, ReadsMicroUnits) {
  const AuditReport report = AuditOf({800'000, 700'001}, {400'000, 500'000});
  EXPECT_NEAR(report.worst_ir_slack, 0.1, 1e-15);
  EXPECT_NEAR(report.worst_ic_slack, 1e-6, 1e-15);
  EXPECT_NEAR(report.pay_per_vehicle, 0.25 / (1.0 + std::exp(-4.0)) * 0.7 + 0.75 * 0.5 * 0.5, 1e-6);
  EXPECT_TRUE(report.Feasible(0.0));
}

TEST(AuditPostedTest, OneMicroUnitTooLittleIsInfeasible) {
  const AuditReport report = AuditOf({800'000, 699'999}, {400'000, 500'000});
  EXPECT_FALSE(report.Feasible(0.0));
  EXPECT_DOUBLE_EQ(report.truthful, 0.75);
}

TEST(AuditPostedTest, EqualItemsTemptNobody) {
  const AuditReport report = AuditOf({400'000, 500'000}, {400'000, 500'000});
  EXPECT_TRUE(report.Feasible(0.0));
  EXPECT_EQ(report.worst_ic_slack, 0.0);
  EXPECT_DOUBLE_EQ(report.truthful, 1.0);
}

}  // namespace
}  // namespace giot::uncertain
