#include "models/freshness/utility.h"

#include <cmath>

#include "gtest/gtest.h"
#include "models/freshness/item_table.h"
#include "models/freshness/pay_tree.h"
#include "tests/models/freshness/market_fixture.h"

namespace giot::freshness {
namespace {

// theta .5 and 1, delta .3; type 0 picks (.8, 1), type 1 (.4, 1), at least rewards.
MarketFixture TwoSensingCosts() {
  MarketFixture fixture;
  fixture.sensing_costs = {0.5, 1.0};
  fixture.update_costs = {0.3, 0.3};
  fixture.probabilities = {0.25, 0.75};
  return fixture;
}
Menu TextbookMenu() {
  Menu menu(2);
  menu[0] = {0.8, 1.0, 0.9};
  menu[1] = {0.4, 1.0, 0.7};
  menu.set_choice(0, 0);
  menu.set_choice(1, 1);
  return menu;
}

TEST(PayTreeTest, TheTextbookMenuIsAChain) {
  const FreshnessMarket market = *TwoSensingCosts().Create();
  const Menu menu = TextbookMenu();
  const PayTree tree = FindPayTree(market, ItemTable(market, menu.items()), menu.selection());
  EXPECT_EQ(tree.parent[0], 1);
  EXPECT_EQ(tree.taker[0], 0);
  EXPECT_EQ(tree.parent[1], kOptsOut);
  EXPECT_EQ(tree.taker[1], 1);
  EXPECT_EQ(tree.order[0], 1);
  EXPECT_EQ(tree.order[1], 0);
}

TEST(PayTreeTest, ItemsWithoutRentsHangOnOptingOut) {
  // (1, 0) costs the types (.25, .5), (0, 1) costs them (.5, .25): no envy.
  MarketFixture fixture;
  fixture.sensing_costs = {0.25, 0.5};
  fixture.update_costs = {0.5, 0.25};
  fixture.probabilities = {0.5, 0.5};
  const FreshnessMarket market = *fixture.Create();
  Menu menu(2);
  menu[0] = {1.0, 0.0, 0.25};
  menu[1] = {0.0, 1.0, 0.25};
  menu.set_choice(0, 0);
  menu.set_choice(1, 1);
  const PayTree tree = FindPayTree(market, ItemTable(market, menu.items()), menu.selection());
  EXPECT_EQ(tree.parent[0], kOptsOut);
  EXPECT_EQ(tree.parent[1], kOptsOut);
}

TEST(UtilityTest, WeighsValueLessPayByTheSharesThatTakePart) {
  const FreshnessMarket market = *TwoSensingCosts().Create();
  Menu menu = TextbookMenu();
  EXPECT_DOUBLE_EQ(Utility(market, menu), 0.25 * (std::log(9.0) - 0.9) + 0.75 * (std::log(5.0) - 0.7));
  menu.set_choice(1, kOptsOut);
  EXPECT_DOUBLE_EQ(Utility(market, menu), 0.25 * (std::log(9.0) - 0.9));
}

TEST(UtilityAndGradientTest, QualityOfTheLowerItemIsPaidToTheHigherOneAsWell) {
  const FreshnessMarket market = *TwoSensingCosts().Create();
  MenuGradient gradient;
  const double utility = UtilityAndGradient(market, TextbookMenu(), gradient);
  EXPECT_DOUBLE_EQ(utility, Utility(market, TextbookMenu()));
  // Item 0: d/dq of .25 (ln(1 + 10 q) - .5 q).
  EXPECT_NEAR(gradient.quality[0], 0.25 * (10.0 / 9.0 - 0.5), 1e-15);
  // Item 1: .75 10 / 5, less its reward (slope 1) to all, of which type 0 gives .5 back.
  EXPECT_NEAR(gradient.quality[1], 0.75 * 10.0 / 5.0 - 1.0 + 0.25 * 0.5, 1e-15);
  // Value rises by alpha / 1.05^2 of itself; type 1's delta is paid to all, type 0's given back.
  const double freshness_slope = 0.25 / (1.05 * 1.05);
  EXPECT_NEAR(gradient.update_rate[0], 0.25 * (std::log(9.0) * freshness_slope - 0.3), 1e-15);
  EXPECT_NEAR(gradient.update_rate[1], 0.75 * std::log(5.0) * freshness_slope - 0.3 + 0.25 * 0.3, 1e-15);
}

}  // namespace
}  // namespace giot::freshness
