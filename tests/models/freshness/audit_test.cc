#include "models/freshness/audit.h"

#include <cmath>
#include <limits>

#include "gtest/gtest.h"
#include "tests/models/freshness/market_fixture.h"

namespace giot::freshness {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// theta .5 and 1, delta .25: costs can be read off.
FreshnessMarket TwoSensingCosts() {
  MarketFixture fixture;
  fixture.sensing_costs = {0.5, 1.0};
  fixture.update_costs = {0.25, 0.25};
  fixture.probabilities = {0.25, 0.75};
  return *fixture.Create();
}

// Item j designed for type j, but `second` for nobody where it is left out.
Menu MenuOf(Item first, Item second) {
  Menu menu(2);
  menu[0] = first;
  menu[1] = second;
  menu.set_choice(0, 0);
  menu.set_choice(1, 1);
  return menu;
}

TEST(AuditTest, AcceptsTheTextbookMenu) {
  const AuditReport report = Audit(TwoSensingCosts(), MenuOf({0.8, 1.0, 0.85}, {0.4, 1.0, 0.65}));
  EXPECT_NEAR(report.worst_ir_slack, 0.0, 1e-15);  // Type 1: .65 - .4 - .25.
  EXPECT_NEAR(report.worst_ic_slack, 0.0, 1e-15);  // Type 0: .2 either way.
  EXPECT_TRUE(report.Feasible(1e-12));
  EXPECT_DOUBLE_EQ(report.realised.truthful, 1.0);
  EXPECT_DOUBLE_EQ(report.realised.participation, 1.0);
  EXPECT_DOUBLE_EQ(report.realised.pay_per_vehicle, 0.25 * 0.85 + 0.75 * 0.65);
  EXPECT_DOUBLE_EQ(report.utility_per_vehicle, 0.25 * (std::log(9.0) - 0.85) + 0.75 * (std::log(5.0) - 0.65));
  EXPECT_DOUBLE_EQ(report.realised.utility_per_vehicle, report.utility_per_vehicle);
}

TEST(AuditTest, FindsTheVehicleThatWouldLoseMoney) {
  const AuditReport report = Audit(TwoSensingCosts(), MenuOf({0.8, 1.0, 0.85}, {0.4, 1.0, 0.55}));
  EXPECT_NEAR(report.worst_ir_slack, -0.1, 1e-15);
  EXPECT_EQ(report.realised.choice[1], kOptsOut);
  EXPECT_DOUBLE_EQ(report.realised.participation, 0.25);
  EXPECT_DOUBLE_EQ(report.realised.truthful, 0.25);
  EXPECT_FALSE(report.Feasible(1e-12));
}

TEST(AuditTest, FindsTheVehicleThatWouldPretend) {
  const AuditReport report = Audit(TwoSensingCosts(), MenuOf({0.8, 1.0, 0.8}, {0.4, 1.0, 0.65}));
  EXPECT_NEAR(report.worst_ic_slack, -0.05, 1e-15);
  EXPECT_EQ(report.realised.choice[0], 1);
  EXPECT_DOUBLE_EQ(report.realised.truthful, 0.75);
  EXPECT_FALSE(report.Feasible(1e-12));
}

TEST(AuditTest, ComparesEveryPair) {
  const AuditReport report = Audit(TwoSensingCosts(), MenuOf({0.8, 1.0, 1.1}, {0.4, 1.0, 0.65}));
  EXPECT_NEAR(report.worst_ic_slack, -0.05, 1e-15);  // Type 1 has .05 of the first.
  EXPECT_EQ(report.realised.choice[1], 0);
  EXPECT_DOUBLE_EQ(report.realised.truthful, 0.25);
}

TEST(AuditTest, ATypeThatIsToOptOutMustNotGainByComingIn) {
  Menu menu = MenuOf({0.8, 1.0, 0.85}, {0.8, 1.0, 0.85});
  menu.set_choice(1, kOptsOut);
  AuditReport report = Audit(TwoSensingCosts(), menu);
  EXPECT_NEAR(report.worst_ic_slack, 0.0, 1e-15);  // Type 0 has two equal items.
  EXPECT_DOUBLE_EQ(report.realised.participation, 0.25);
  EXPECT_DOUBLE_EQ(report.realised.truthful, 1.0);
  menu[1].reward = 1.15;  // Type 1 gains .1.
  report = Audit(TwoSensingCosts(), menu);
  EXPECT_NEAR(report.worst_ic_slack, -0.3, 1e-15);  // Type 0 gains .3.
  EXPECT_DOUBLE_EQ(report.realised.participation, 1.0);
  EXPECT_DOUBLE_EQ(report.realised.truthful, 0.0);
}

TEST(AuditTest, RefusesItemsAndChoicesOutOfBounds) {
  const FreshnessMarket market = TwoSensingCosts();
  const Item good = {0.4, 1.0, 0.65};
  EXPECT_TRUE(Audit(market, MenuOf(good, good)).within_bounds);
  EXPECT_FALSE(Audit(market, MenuOf({1.1, 1.0, 1.0}, good)).within_bounds);
  EXPECT_FALSE(Audit(market, MenuOf({0.8, -0.1, 1.0}, good)).within_bounds);
  EXPECT_FALSE(Audit(market, MenuOf({0.8, 1.0, kInfinity}, good)).within_bounds);
  EXPECT_FALSE(Audit(market, MenuOf({0.0, 0.0, -0.1}, good)).within_bounds);
  Menu menu = MenuOf(good, good);
  menu.set_choice(1, 2);
  EXPECT_FALSE(Audit(market, menu).within_bounds);
}

TEST(AuditTest, AnEmptyMenuIsFeasibleAndWorthless) {
  const AuditReport report = Audit(TwoSensingCosts(), Menu(0));
  EXPECT_TRUE(report.Feasible(0.0));
  EXPECT_EQ(report.worst_ir_slack, kInfinity);
  EXPECT_EQ(report.worst_ic_slack, kInfinity);
  EXPECT_EQ(report.utility_per_vehicle, 0.0);
  EXPECT_DOUBLE_EQ(report.realised.truthful, 1.0);
}

PostedMenu PostedOf(PostedItem first, PostedItem second) {
  PostedMenu menu(2);
  menu[0] = first;
  menu[1] = second;
  menu.set_choice(0, 0);
  menu.set_choice(1, 1);
  return menu;
}

TEST(AuditPostedTest, ReadsMicroUnits) {
  const AuditReport report =
      Audit(TwoSensingCosts(), PostedOf({800'000, 1'000'000, 850'002}, {400'000, 1'000'000, 650'001}));
  EXPECT_NEAR(report.worst_ir_slack, 1e-6, 1e-15);
  EXPECT_NEAR(report.worst_ic_slack, 1e-6, 1e-15);
  EXPECT_TRUE(report.Feasible(0.0));
  EXPECT_NEAR(report.realised.pay_per_vehicle, 0.25 * 0.850002 + 0.75 * 0.650001, 1e-15);
}

TEST(AuditPostedTest, OneMicroUnitTooLittleIsInfeasible) {
  EXPECT_FALSE(
      Audit(TwoSensingCosts(), PostedOf({800'000, 1'000'000, 850'000}, {400'000, 1'000'000, 650'001})).Feasible(0.0));
}

TEST(AuditPostedTest, RefusesMoreThanOne) {
  EXPECT_FALSE(Audit(TwoSensingCosts(), PostedOf({1'000'001, 0, 900'000}, {400'000, 0, 400'000})).within_bounds);
}

}  // namespace
}  // namespace giot::freshness
