#include "models/freshness/menu_objective.h"

#include <cmath>
#include <random>
#include <vector>

#include "gtest/gtest.h"
#include "models/freshness/feasible_decode.h"
#include "models/freshness/item_table.h"
#include "models/freshness/market_sampler.h"
#include "models/freshness/pay_tree.h"
#include "tests/models/freshness/market_fixture.h"

namespace giot::freshness {
namespace {

std::vector<double> RandomLevels(int count, std::mt19937_64& random) {
  std::vector<double> levels(static_cast<std::size_t>(count));
  for (double& level : levels) level = std::uniform_real_distribution<double>(-0.95, 0.95)(random);
  return levels;
}

// Whether two decoded menus are the same items, selection and binding constraints.
bool SameStructure(const FreshnessMarket& market, const SettledMenu& a, const SettledMenu& b) {
  if (a.menu.size() != b.menu.size() || a.candidate != b.candidate || a.menu.selection() != b.menu.selection()) {
    return false;
  }
  const PayTree first = FindPayTree(market, ItemTable(market, a.menu.items()), a.menu.selection());
  const PayTree second = FindPayTree(market, ItemTable(market, b.menu.items()), b.menu.selection());
  return first.parent == second.parent && first.taker == second.taker;
}

using Decode = SettledMenu (*)(const FreshnessMarket&, absl::Span<const double>);

// Compares every derivative with a central difference, where the structure is the
// same on both sides; returns how many were compared.
int CompareWithDifferences(const FreshnessMarket& market, Decode decode, search::Objective& objective,
                           std::vector<double> levels) {
  constexpr double kStep = 1e-6;
  std::vector<double> gradient(levels.size(), std::nan(""));
  const double value = objective.ValueAndGradient(levels, absl::MakeSpan(gradient));
  EXPECT_NEAR(value, objective.Value(levels), 1e-13);
  int compared = 0;
  for (std::size_t i = 0; i < levels.size(); ++i) {
    const double level = levels[i];
    levels[i] = level + kStep;
    const SettledMenu above = decode(market, levels);
    levels[i] = level - kStep;
    const SettledMenu below = decode(market, levels);
    levels[i] = level;
    if (!SameStructure(market, above, below)) continue;
    const double difference = (above.utility_per_vehicle - below.utility_per_vehicle) / (2.0 * kStep);
    EXPECT_NEAR(gradient[i], difference, 1e-7) << "level " << i;
    ++compared;
  }
  return compared;
}

TEST(MenuObjectiveTest, GradientIsThatOfFiniteDifferences) {
  std::mt19937_64 random(1);
  int compared = 0;
  for (int i = 0; i < 50; ++i) {
    const FreshnessMarket market = SampleMarket({}, random);
    MenuObjective objective(market);
    compared += CompareWithDifferences(market, &DecodeLevels, objective, RandomLevels(objective.dimension(), random));
  }
  EXPECT_GT(compared, 50 * 75 * 9 / 10);
}

TEST(ItemObjectiveTest, GradientIsThatOfFiniteDifferences) {
  std::mt19937_64 random(2);
  int compared = 0;
  for (int i = 0; i < 50; ++i) {
    const FreshnessMarket market = SampleMarket({}, random);
    ItemObjective objective(market);
    compared +=
        CompareWithDifferences(market, &DecodeItemLevels, objective, RandomLevels(objective.dimension(), random));
  }
  EXPECT_GT(compared, 50 * 48 * 9 / 10);
}

TEST(MenuObjectiveTest, HasALevelAChannelAndTypeOrItem) {
  const FreshnessMarket market = *MarketFixture().Create();
  EXPECT_EQ(MenuObjective(market).dimension(), 9);
  EXPECT_EQ(ItemObjective(market).dimension(), 48);
  EXPECT_TRUE(MenuObjective(market).has_gradient());
}

TEST(MenuObjectiveTest, UnusedCandidatesHaveNoGradient) {
  const FreshnessMarket market = *MarketFixture().Create();
  // Type 2's candidate is the only one that leaves anybody a rent.
  const std::vector<double> levels = {0.5, 0.5, 0.5, 0.5, 0.5, 0.5, -1.0, -1.0, -1.0};
  std::vector<double> gradient(9, std::nan(""));
  MenuObjective(market).ValueAndGradient(levels, absl::MakeSpan(gradient));
  for (const std::size_t level : {0, 1, 3, 4, 6, 7, 8}) EXPECT_EQ(gradient[level], 0.0) << level;
  EXPECT_NE(gradient[2], 0.0);
  EXPECT_NE(gradient[5], 0.0);
}

}  // namespace
}  // namespace giot::freshness
