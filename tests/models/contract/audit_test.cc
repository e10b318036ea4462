#include "models/contract/audit.h"

#include <limits>

#include "gtest/gtest.h"
#include "tests/models/contract/market_fixture.h"

namespace giot::contract {
namespace {

// Linear costs, theta 0.5 and 1: utilities can be read off.
MarketFixture TwoTypes() {
  MarketFixture fixture;
  fixture.cost_types = {0.5, 1.0};
  fixture.probabilities = {0.25, 0.75};
  fixture.cost_curvature = 0.0;
  return fixture;
}

Menu MenuOf(Item first, Item second) {
  Menu menu(2);
  menu[0] = first;
  menu[1] = second;
  return menu;
}

TEST(AuditTest, AcceptsTheTextbookMenu) {
  const AuditReport report = Audit(*TwoTypes().Create(), MenuOf({0.8, 0.6}, {0.4, 0.4}));
  EXPECT_NEAR(report.worst_ir_slack, 0.0, 1e-15);  // Type 2: 0.4 - 0.4.
  EXPECT_NEAR(report.worst_ic_slack, 0.0, 1e-15);  // Type 1: 0.2 either way.
  EXPECT_TRUE(report.within_bounds);
  EXPECT_TRUE(report.Feasible(1e-12));
  EXPECT_DOUBLE_EQ(report.realised.truthful, 1.0);
  EXPECT_DOUBLE_EQ(report.realised.participation, 1.0);
}

TEST(AuditTest, FindsTheVehicleThatWouldLoseMoney) {
  const AuditReport report = Audit(*TwoTypes().Create(), MenuOf({0.8, 0.6}, {0.4, 0.3}));
  EXPECT_NEAR(report.worst_ir_slack, -0.1, 1e-15);
  EXPECT_EQ(report.realised.choice[1], -1);
  EXPECT_DOUBLE_EQ(report.realised.participation, 0.25);
  EXPECT_FALSE(report.Feasible(1e-12));
}

TEST(AuditTest, FindsTheVehicleThatWouldPretend) {
  const AuditReport report = Audit(*TwoTypes().Create(), MenuOf({0.8, 0.55}, {0.4, 0.4}));
  EXPECT_NEAR(report.worst_ic_slack, -0.05, 1e-15);
  EXPECT_EQ(report.realised.choice[0], 1);
  EXPECT_DOUBLE_EQ(report.realised.truthful, 0.75);
}

TEST(AuditTest, ComparesEveryPairNotOnlyNeighbours) {
  MarketFixture fixture = TwoTypes();
  fixture.cost_types = {0.5, 0.8, 1.0};
  fixture.probabilities = {0.2, 0.4, 0.4};
  Menu menu(3);
  menu[0] = {0.30, 0.30};
  menu[1] = {0.35, 0.32};
  menu[2] = {0.90, 0.95};  // Type 1 gains 0.5 here against 0.15 of its own.
  EXPECT_NEAR(Audit(*fixture.Create(), menu).worst_ic_slack, 0.15 - 0.5, 1e-15);
}

TEST(AuditTest, MeasuresPayAgainstTheBudget) {
  MarketFixture fixture = TwoTypes();
  fixture.budget = 0.44;
  const AuditReport report = Audit(*fixture.Create(), MenuOf({0.8, 0.6}, {0.4, 0.4}));
  EXPECT_NEAR(report.budget_slack, -0.01, 1e-15);  // .25 x .6 + .75 x .4 = .45
  EXPECT_FALSE(report.Feasible(1e-12));
}

TEST(AuditTest, RefusesQualitiesAndRewardsOutOfBounds) {
  const ScreeningMarket market = *TwoTypes().Create();
  EXPECT_FALSE(Audit(market, MenuOf({1.1, 0.75}, {0.4, 0.4})).within_bounds);
  EXPECT_FALSE(Audit(market, MenuOf({0.8, 0.6}, {0.01, 0.4})).within_bounds);
  EXPECT_FALSE(Audit(market, MenuOf({0.8, std::numeric_limits<double>::infinity()}, {0.4, 0.4})).within_bounds);
}

TEST(AuditTest, AnExcludedTypeMustNotGainByComingIn) {
  MarketFixture fixture = TwoTypes();
  fixture.allow_exclusion = true;
  Menu menu(1);
  menu[0] = {0.8, 0.6};  // Type 2 loses 0.2.
  AuditReport report = Audit(*fixture.Create(), menu);
  EXPECT_NEAR(report.worst_ic_slack, 0.2, 1e-15);
  EXPECT_DOUBLE_EQ(report.realised.participation, 0.25);
  EXPECT_DOUBLE_EQ(report.realised.truthful, 1.0);
  menu[0] = {0.8, 0.9};  // Type 2 gains 0.1.
  report = Audit(*fixture.Create(), menu);
  EXPECT_NEAR(report.worst_ic_slack, -0.1, 1e-15);
  EXPECT_DOUBLE_EQ(report.realised.participation, 1.0);
}

TEST(AuditPostedTest, ReadsMicroUnits) {
  PostedMenu menu(2);
  menu[0] = {800'000, 600'001};
  menu[1] = {400'000, 400'000};
  const AuditReport report = Audit(*TwoTypes().Create(), menu);
  EXPECT_NEAR(report.worst_ir_slack, 0.0, 1e-15);
  EXPECT_NEAR(report.worst_ic_slack, 1e-6, 1e-15);
  EXPECT_TRUE(report.Feasible(0.0));
}

TEST(AuditPostedTest, OneMicroUnitTooLittleIsInfeasible) {
  PostedMenu menu(2);
  menu[0] = {800'000, 599'999};
  menu[1] = {400'000, 400'000};
  EXPECT_FALSE(Audit(*TwoTypes().Create(), menu).Feasible(0.0));
}

}  // namespace
}  // namespace giot::contract
