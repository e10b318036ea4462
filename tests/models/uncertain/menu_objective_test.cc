#include "models/uncertain/menu_objective.h"

#include <vector>

#include "gtest/gtest.h"
#include "models/uncertain/feasible_decode.h"
#include "models/uncertain/utility.h"
#include "tests/models/uncertain/market_fixture.h"

namespace giot::uncertain {
namespace {

TEST(MenuObjectiveTest, IsTheUtilityOfTheDecodedMenu) {
  const UncertainMarket market = *MarketFixture().Create();
  const Scenarios scenarios(market);
  MenuObjective objective(market, scenarios);
  ASSERT_EQ(objective.dimension(), 6);
  ASSERT_TRUE(objective.has_gradient());
  const std::vector<double> levels = {0.5, 0.1, -0.3, -0.9, 0.2, -0.4};
  std::vector<double> gradient(6);
  const double utility = Utility(market, scenarios, DecodeLevels(market, levels));
  EXPECT_EQ(objective.Value(levels), utility);
  EXPECT_DOUBLE_EQ(objective.ValueAndGradient(levels, absl::MakeSpan(gradient)), utility);
}

void ExpectCentralDifferences(const std::vector<double>& levels) {
  const UncertainMarket market = *MarketFixture().Create();
  const Scenarios scenarios(market);
  MenuObjective objective(market, scenarios);
  std::vector<double> gradient(6);
  objective.ValueAndGradient(levels, absl::MakeSpan(gradient));
  constexpr double kStep = 1e-5;
  for (std::size_t i = 0; i < levels.size(); ++i) {
    std::vector<double> above = levels;
    std::vector<double> below = levels;
    above[i] += kStep;
    below[i] -= kStep;
    EXPECT_NEAR(gradient[i], (objective.Value(above) - objective.Value(below)) / (2 * kStep), 1e-7) << "level " << i;
  }
}

TEST(MenuObjectiveTest, GradientIsThatOfCentralDifferences) {
  ExpectCentralDifferences({0.5, 0.1, -0.3, -0.9, 0.2, -0.4});
}

TEST(MenuObjectiveTest, GradientIsThatOfCentralDifferencesWhereQualitiesArePooled) {
  ExpectCentralDifferences({0.1, 0.5, -0.3, -0.9, 0.2, -0.4});
  ExpectCentralDifferences({-0.1, 0.2, 0.6, -0.9, 0.2, -0.4});
}

}  // namespace
}  // namespace giot::uncertain
