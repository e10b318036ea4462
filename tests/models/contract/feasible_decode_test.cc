#include "models/contract/feasible_decode.h"

#include <cmath>
#include <limits>
#include <vector>

#include "gtest/gtest.h"
#include "models/contract/audit.h"
#include "tests/models/contract/market_fixture.h"

namespace giot::contract {
namespace {

TEST(DecodeLevelsTest, MapsLevelsLinearlyToQualitiesAndPaysInformationRents) {
  MarketFixture fixture;
  fixture.cost_types = {0.5, 1.0};
  fixture.probabilities = {0.5, 0.5};
  fixture.cost_curvature = 0.0;
  fixture.quality_min = 0.2;
  const Menu menu = DecodeLevels(*fixture.Create(), std::vector<double>{1.0, 0.0});
  EXPECT_DOUBLE_EQ(menu[0].quality, 1.0);
  EXPECT_DOUBLE_EQ(menu[1].quality, 0.6);
  EXPECT_DOUBLE_EQ(menu[1].reward, 0.6);              // 1.0 x 0.6: no rent for the costliest.
  EXPECT_DOUBLE_EQ(menu[0].reward, 0.6 + 0.5 * 0.4);  // As much as pretending, plus the extra cost.
}

TEST(DecodeLevelsTest, PoolsLevelsInTheWrongOrder) {
  MarketFixture fixture;
  const Menu menu = DecodeLevels(*fixture.Create(), std::vector<double>{-1.0, 1.0, -1.0});
  EXPECT_DOUBLE_EQ(menu[0].quality, menu[1].quality);
  EXPECT_GT(menu[1].quality, menu[2].quality);
}

TEST(DecodeLevelsTest, AnyLevelsWhateverGiveAFeasibleMenu) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  MarketFixture fixture;
  fixture.budget = 0.3;
  const ScreeningMarket market = *fixture.Create();
  for (const std::vector<double>& levels :
       {std::vector<double>{nan, nan, nan}, {1e300, -1e300, 5.0}, {-9.0, 0.0, 9.0}}) {
    const Menu menu = DecodeLevels(market, levels);
    EXPECT_TRUE(Audit(market, menu).Feasible(1e-12 * menu[0].reward));
  }
}

TEST(DecodeLevelsTest, SpendsExactlyABudgetThatBinds) {
  MarketFixture fixture;
  fixture.budget = 0.3;
  const ScreeningMarket market = *fixture.Create();
  const AuditReport audit = Audit(market, DecodeLevels(market, std::vector<double>{1.0, 0.9, 0.8}));
  EXPECT_NEAR(audit.budget_slack, 0.0, 1e-14);
}

TEST(DecodeLevelsTest, ABudgetAtItsEdgeLeavesTheLowestQuality) {
  MarketFixture fixture;
  fixture.budget = 0.05 + 0.25 * 0.0025;
  const Menu menu = DecodeLevels(*fixture.Create(), std::vector<double>{1.0, 0.9, 0.8});
  for (int k = 0; k < menu.size(); ++k) EXPECT_NEAR(menu[k].quality, 0.05, 1e-12);
}

}  // namespace
}  // namespace giot::contract
