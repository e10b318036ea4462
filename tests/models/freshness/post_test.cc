#include "models/freshness/post.h"

#include "gtest/gtest.h"
#include "models/freshness/audit.h"
#include "tests/models/freshness/market_fixture.h"

namespace giot::freshness {
namespace {

// theta .5 and 1, delta .25.
MarketFixture TwoSensingCosts() {
  MarketFixture fixture;
  fixture.sensing_costs = {0.5, 1.0};
  fixture.update_costs = {0.25, 0.25};
  fixture.probabilities = {0.25, 0.75};
  return fixture;
}

Menu MenuOf(Item first, Item second) {
  Menu menu(2);
  menu[0] = first;
  menu[1] = second;
  menu.set_choice(0, 0);
  menu.set_choice(1, 1);
  return menu;
}

TEST(PostTest, EveryConstraintBecomesStrictByAMicroUnit) {
  const absl::StatusOr<PostedMenu> posted =
      Post(*TwoSensingCosts().Create(), MenuOf({0.8, 1.0, 0.85}, {0.4, 1.0, 0.65}));
  ASSERT_TRUE(posted.ok());
  ASSERT_EQ(posted->size(), 2);
  EXPECT_EQ((*posted)[1], (PostedItem{400'000, 1'000'000, 650'001}));
  EXPECT_EQ((*posted)[0], (PostedItem{800'000, 1'000'000, 850'002}));
  EXPECT_EQ(posted->choice(0), 0);
  EXPECT_EQ(posted->choice(1), 1);
}

TEST(PostTest, QualitiesAndUpdateRatesMoveToTheNearestGridPoint) {
  const absl::StatusOr<PostedMenu> posted =
      Post(*TwoSensingCosts().Create(), MenuOf({0.80000049, 0.9999996, 0.9}, {0.4000006, 0.5, 0.6}));
  ASSERT_TRUE(posted.ok());
  EXPECT_EQ((*posted)[0].quality_micros, 800'000);
  EXPECT_EQ((*posted)[0].update_rate_micros, 1'000'000);
  EXPECT_EQ((*posted)[1].quality_micros, 400'001);
}

TEST(PostTest, ItemsThatBecomeEqualMerge) {
  const FreshnessMarket market = *TwoSensingCosts().Create();
  const absl::StatusOr<PostedMenu> posted = Post(market, MenuOf({0.4000002, 1.0, 0.6500001}, {0.4, 1.0, 0.65}));
  ASSERT_TRUE(posted.ok());
  ASSERT_EQ(posted->size(), 1);
  EXPECT_EQ((*posted)[0], (PostedItem{400'000, 1'000'000, 650'001}));
  EXPECT_EQ(posted->choice(0), 0);
  EXPECT_EQ(posted->choice(1), 0);
}

TEST(PostTest, NothingForNothingIsOptingOut) {
  const absl::StatusOr<PostedMenu> posted =
      Post(*TwoSensingCosts().Create(), MenuOf({0.4, 1.0, 0.45}, {1e-7, 1e-7, 0.0}));
  ASSERT_TRUE(posted.ok());
  ASSERT_EQ(posted->size(), 1);
  EXPECT_EQ(posted->choice(1), kOptsOut);
}

TEST(PostTest, TypesThatAreToOptOutStrictlyDo) {
  Menu menu = MenuOf({0.4, 1.0, 0.45}, {0.4, 1.0, 0.45});
  menu.set_choice(1, kOptsOut);
  const FreshnessMarket market = *TwoSensingCosts().Create();
  const absl::StatusOr<PostedMenu> posted = Post(market, menu);
  ASSERT_TRUE(posted.ok());
  ASSERT_EQ(posted->size(), 1);  // Nobody was to take the second.
  EXPECT_EQ((*posted)[0].reward_micros, 450'001);
  EXPECT_EQ(posted->choice(1), kOptsOut);
}

TEST(PostTest, TypesThatNoRewardsTellApartTakeWhatTheServerPrefers) {
  // Items differ in quality alone and types in delta alone: both types are
  // indifferent, and the menu gives each another item.
  MarketFixture fixture;
  fixture.sensing_costs = {0.5, 0.5};
  fixture.update_costs = {0.25, 0.5};
  fixture.probabilities = {0.5, 0.5};
  const FreshnessMarket market = *fixture.Create();
  const absl::StatusOr<PostedMenu> posted = Post(market, MenuOf({0.4, 0.5, 0.45}, {0.8, 0.5, 0.65}));
  ASSERT_TRUE(posted.ok());
  ASSERT_EQ(posted->size(), 1);
  EXPECT_EQ((*posted)[0], (PostedItem{800'000, 500'000, 650'001}));
  EXPECT_EQ(posted->choice(0), 0);
  EXPECT_EQ(posted->choice(1), 0);
  EXPECT_TRUE(Audit(market, *posted).Feasible(0.0));
}

TEST(PostTest, RewardsAreRaisedUntilTypesCanTellItemsApart) {
  // As above, but the second item pays a micro-unit too little: one micro-unit more
  // for it than for the first leaves both types indifferent.
  MarketFixture fixture;
  fixture.sensing_costs = {0.5, 0.5};
  fixture.update_costs = {0.25, 0.5};
  fixture.probabilities = {0.5, 0.5};
  const absl::StatusOr<PostedMenu> posted = Post(*fixture.Create(), MenuOf({0.4, 0.5, 0.45}, {0.8, 0.5, 0.649999}));
  ASSERT_TRUE(posted.ok());
  ASSERT_EQ(posted->size(), 1);
  EXPECT_EQ((*posted)[0].quality_micros, 800'000);
}

TEST(PostTest, AnEmptyMenuStaysEmpty) {
  const absl::StatusOr<PostedMenu> posted = Post(*TwoSensingCosts().Create(), Menu(0));
  ASSERT_TRUE(posted.ok());
  EXPECT_EQ(posted->size(), 0);
}

TEST(PostTest, RefusesMoneyThatDoublesCannotCountInMicroUnits) {
  MarketFixture fixture = TwoSensingCosts();
  fixture.sensing_costs = {1e9, 1e10};
  const Menu menu = MenuOf({0.8, 1.0, 7.4e9}, {0.4, 1.0, 4e9 + 0.25});
  EXPECT_EQ(Post(*fixture.Create(), menu).status().code(), absl::StatusCode::kOutOfRange);
  fixture.sensing_costs = {1e8, 1e9};
  EXPECT_TRUE(Post(*fixture.Create(), MenuOf({0.8, 1.0, 4.4e8 + 0.25}, {0.4, 1.0, 4e8 + 0.25})).ok());
}

}  // namespace
}  // namespace giot::freshness
