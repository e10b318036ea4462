#include "models/contract/exact.h"

#include <cmath>

#include "gtest/gtest.h"
#include "models/contract/audit.h"
#include "tests/models/contract/market_fixture.h"

namespace giot::contract {
namespace {

TEST(SolveExactTest, SolvesTheTextbookTwoTypeMarketInClosedForm) {
  // kappa = 0: q(phi) = omega / phi - 1 / a with phi_1 = .5, phi_2 = 1 + .5 = 1.5 (p = 1/2 each).
  MarketFixture fixture;
  fixture.cost_types = {0.5, 1.0};
  fixture.probabilities = {0.5, 0.5};
  fixture.value_scale = 0.4;
  fixture.value_rate = 10.0;
  fixture.cost_curvature = 0.0;
  const ExactSolution exact = SolveExact(*fixture.Create());
  EXPECT_NEAR(exact.menu[0].quality, 0.4 / 0.5 - 0.1, 1e-12);
  EXPECT_NEAR(exact.menu[1].quality, 0.4 / 1.5 - 0.1, 1e-12);
  EXPECT_FALSE(exact.ironed);
  EXPECT_FALSE(exact.budget_binds);
}

TEST(SolveExactTest, IronsTypesWhoseVirtualCostsAreOutOfOrder) {
  MarketFixture fixture;
  fixture.cost_types = {0.5, 0.9, 1.0};
  fixture.probabilities = {0.45, 0.05, 0.5};  // phi_2 = .9 + 9 x .4 = 4.5, phi_3 = 1 + .1.
  const ExactSolution exact = SolveExact(*fixture.Create());
  EXPECT_TRUE(exact.ironed);
  EXPECT_DOUBLE_EQ(exact.menu[1].quality, exact.menu[2].quality);
  EXPECT_GT(exact.menu[0].quality, exact.menu[1].quality);
}

TEST(SolveExactTest, SpendsTheBudgetWhereItBinds) {
  MarketFixture fixture;
  fixture.budget = 0.2;
  const ScreeningMarket market = *fixture.Create();
  const ExactSolution exact = SolveExact(market);
  EXPECT_TRUE(exact.budget_binds);
  EXPECT_NEAR(Audit(market, exact.menu).budget_slack, 0.0, 1e-14);
}

TEST(SolveExactTest, BudgetAtItsVeryEdgePoolsEverybodyAtTheLowestQuality) {
  MarketFixture fixture;
  fixture.budget = 1.0 * (0.05 + 0.25 * 0.0025);
  const ExactSolution exact = SolveExact(*fixture.Create());
  for (int k = 0; k < 3; ++k) EXPECT_NEAR(exact.menu[k].quality, 0.05, 1e-12);
  EXPECT_NEAR(exact.menu[0].reward, *fixture.budget, 1e-14);
}

TEST(SolveExactTest, ABudgetAHairAboveItsEdgeIsSpent) {
  MarketFixture fixture;
  fixture.budget = 1.0 * (0.05 + 0.25 * 0.0025) * (1 + 1e-9);
  const ScreeningMarket market = *fixture.Create();
  const AuditReport audit = Audit(market, SolveExact(market).menu);
  EXPECT_TRUE(audit.Feasible(1e-14));
}

TEST(SolveExactTest, NearlyEqualTypesAreTreatedAsOne) {
  MarketFixture fixture;
  fixture.cost_types = {1.0 - 2e-9, 1.0 - 1e-9, 1.0};
  const ExactSolution exact = SolveExact(*fixture.Create());
  EXPECT_NEAR(exact.menu[0].quality, exact.menu[2].quality, 1e-6);
  EXPECT_TRUE(std::isfinite(exact.utility_per_vehicle));
}

TEST(SolveExactTest, ProbabilitiesOfOneInABillionDoNoHarm) {
  for (const int rare : {0, 1, 2}) {
    MarketFixture fixture;
    fixture.probabilities.assign(3, 0.5 - 0.5e-9);
    fixture.probabilities[static_cast<std::size_t>(rare)] = 1e-9;
    fixture.budget = 0.5;
    const ScreeningMarket market = *fixture.Create();
    const ExactSolution exact = SolveExact(market);
    EXPECT_TRUE(Audit(market, exact.menu).Feasible(1e-12 * exact.menu[0].reward)) << "rare type " << rare;
  }
}

TEST(SolveExactTest, LeavesOutATypeThatCostsMoreRentThanItBrings) {
  MarketFixture fixture;
  fixture.cost_types = {0.1, 5.0};
  fixture.probabilities = {0.95, 0.05};
  const double serving_both = SolveExact(*fixture.Create()).utility_per_vehicle;
  fixture.allow_exclusion = true;
  const ExactSolution exact = SolveExact(*fixture.Create());
  EXPECT_EQ(exact.menu.size(), 1);
  EXPECT_GT(exact.utility_per_vehicle, serving_both);
  EXPECT_NEAR(Audit(*fixture.Create(), exact.menu).utility_per_vehicle, exact.utility_per_vehicle, 1e-14);
}

TEST(SolveExactTest, ExclusionRescuesABudgetThatCannotServeAll) {
  MarketFixture fixture;
  fixture.budget = 0.03;
  ASSERT_FALSE(fixture.Create().ok());
  fixture.allow_exclusion = true;
  const ScreeningMarket market = *fixture.Create();
  const ExactSolution exact = SolveExact(market);
  EXPECT_LT(exact.menu.size(), 3);
  EXPECT_TRUE(Audit(market, exact.menu).Feasible(1e-14));
}

TEST(FirstBestTest, IsTheOptimumWhereTypesHardlyDiffer) {
  MarketFixture fixture;
  fixture.cost_types = {1.0 - 1e-12, 1.0};
  fixture.probabilities = {0.5, 0.5};
  const ScreeningMarket market = *fixture.Create();
  EXPECT_NEAR(FirstBestUtility(market), SolveExact(market).utility_per_vehicle, 1e-10);
}

}  // namespace
}  // namespace giot::contract
