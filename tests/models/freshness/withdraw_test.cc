#include "models/freshness/withdraw.h"

#include <vector>

#include "gtest/gtest.h"
#include "models/freshness/self_selection.h"
#include "tests/models/freshness/market_fixture.h"

namespace giot::freshness {
namespace {

TEST(WithdrawLeastEarnerTest, TakersOfTheItemThatEarnsLeastPickAmongTheRest) {
  MarketFixture fixture = EvenLadders(2);
  fixture.value_scale = 3.0;
  fixture.probabilities = {0.3, 0.3, 0.1, 0.3};
  const FreshnessMarket market = *fixture.Create();
  std::vector<Item> offered = OneItemForEachType(market);
  offered[3].reward += 0.01;
  ItemTable items(market, offered);
  Selection selection = SelfSelect(market, items, 0.0);
  for (int t = 0; t < 4; ++t) ASSERT_EQ(selection[static_cast<std::size_t>(t)], t);

  WithdrawLeastEarner(market, 0.0, items, selection);
  EXPECT_EQ(selection[0], 0);
  EXPECT_EQ(selection[1], 1);
  EXPECT_EQ(selection[3], 3);
  // Type 2, of costs (1, .5), has .76 of type 3's (.5, .5) for 1.51, .75 of type 0's
  // (.75, .75) for 1.875 and .6875 of type 1's (.75, .5) for 1.6875.
  EXPECT_EQ(selection[2], 3);
}

TEST(WithdrawLeastEarnerTest, ItemsThatNobodyPicksAreOffTheTableAlready) {
  const FreshnessMarket market = *MarketFixture().Create();
  ItemTable items(market, std::vector<Item>{{0.5, 0.5, 0.1}, {1.0, 1.0, 2.2}, {0.9, 0.9, 2.3}});
  Selection selection = SelfSelect(market, items, 0.0);
  ASSERT_EQ(selection[0], 2);
  WithdrawLeastEarner(market, 0.0, items, selection);
  EXPECT_EQ(selection[0], 1);
}

TEST(WithdrawLeastEarnerTest, NobodyIsLeftAfterTheLastItem) {
  const FreshnessMarket market = *MarketFixture().Create();
  ItemTable items(market, std::vector<Item>{{1.0, 1.0, 2.5}});
  Selection selection = SelfSelect(market, items, 0.0);
  ASSERT_EQ(selection[0], 0);
  WithdrawLeastEarner(market, 0.0, items, selection);
  EXPECT_EQ(selection[0], kOptsOut);
}

}  // namespace
}  // namespace giot::freshness
