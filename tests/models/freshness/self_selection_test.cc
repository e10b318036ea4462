#include "models/freshness/self_selection.h"

#include <vector>

#include "gtest/gtest.h"
#include "tests/models/freshness/market_fixture.h"

namespace giot::freshness {
namespace {

// Types (theta, delta): (.25, .5), (.5, .25), (1, 1).
Selection Select(const std::vector<Item>& items, double tie) {
  const FreshnessMarket market = *MarketFixture().Create();
  return SelfSelect(market, ItemTable(market, items), tie);
}

TEST(SelfSelectTest, EveryTypePicksTheItemThatSuitsIt) {
  // A costs (.25, .5, 1), B costs (.5, .25, 1): the third type loses with either.
  const Selection selection = Select({{1.0, 0.0, 0.6}, {0.0, 1.0, 0.6}}, 0.0);
  EXPECT_EQ(selection[0], 0);
  EXPECT_EQ(selection[1], 1);
  EXPECT_EQ(selection[2], kOptsOut);
  EXPECT_EQ(selection[3], kOptsOut);
}

TEST(SelfSelectTest, AnIndifferentTypePicksWhatTheServerPrefers) {
  // Utility 0.1 to type 0 either way; the second is worth ln 11 - 0.85, the first ln 6 - 0.6.
  EXPECT_EQ(Select({{0.5, 0.95, 0.7}, {1.0, 1.0, 0.85}}, 1e-9)[0], 1);
  EXPECT_EQ(Select({{1.0, 1.0, 0.85}, {0.5, 0.95, 0.7}}, 1e-9)[0], 0);
}

TEST(SelfSelectTest, UtilitiesThatDifferByMoreThanTheToleranceAreNoTie) {
  const std::vector<Item> items = {{0.5, 0.95, 0.70001}, {1.0, 1.0, 0.85}};
  EXPECT_EQ(Select(items, 2e-5)[0], 1);
  EXPECT_EQ(Select(items, 5e-6)[0], 0);
}

TEST(SelfSelectTest, ATypeThatGainsNothingTakesPartOnlyWhereThatPays) {
  EXPECT_EQ(Select({{1.0, 1.0, 2.0}}, 1e-9)[2], 0);             // ln 11 = 2.4 for 2.
  EXPECT_EQ(Select({{0.1, 1.0, 1.1}}, 1e-9)[2], kOptsOut);      // ln 2 = 0.7 for 1.1.
  EXPECT_EQ(Select({{0.1, 1.0, 1.101}}, 1e-9)[2], 0);           // But it takes a gain of its own.
  EXPECT_EQ(Select({{1.0, 1.0, 1.99999}}, 1e-9)[2], kOptsOut);  // And no loss.
}

TEST(SelfSelectTest, TheFirstOfEqualItemsIsPicked) {
  EXPECT_EQ(Select({{1.0, 0.5, 0.9}, {1.0, 0.5, 0.9}}, 1e-9)[0], 0);
}

TEST(SelfSelectTest, WithoutItemsEveryTypeOptsOut) { EXPECT_EQ(Select({}, 1e-9)[0], kOptsOut); }

}  // namespace
}  // namespace giot::freshness
