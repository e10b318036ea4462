#include "models/uncertain/post.h"

#include <vector>

#include "gtest/gtest.h"
#include "models/uncertain/audit.h"
#include "tests/models/uncertain/market_fixture.h"

namespace giot::uncertain {
namespace {

using contract::PostedItem;

contract::Menu MenuOf(const std::vector<contract::Item>& items) {
  contract::Menu menu(static_cast<int>(items.size()));
  for (int k = 0; k < menu.size(); ++k) menu[k] = items[static_cast<std::size_t>(k)];
  return menu;
}

AuditReport AuditOf(const UncertainMarket& market, const contract::PostedMenu& menu) {
  return Audit(market, Scenarios(market), menu);
}

MarketFixture LinearCosts() {
  MarketFixture fixture;
  fixture.cost_curvature = 0.0;
  return fixture;
}

TEST(PostTest, RoundsQualitiesDownAndRewardsToTheNearestThatKeepTheRents) {
  const UncertainMarket market = *LinearCosts().Create();
  // Steps of .13 and .18, strictly between the incentive constraints.
  const contract::PostedMenu posted =
      *Post(market, MenuOf({{0.6, 0.6100004}, {0.4000009, 0.48000112}, {0.2, 0.3000006}}));
  EXPECT_EQ(posted[2], (PostedItem{200'000, 300'001}));
  EXPECT_EQ(posted[1], (PostedItem{400'000, 480'000}));  // .48000112 less .8 x .0000009.
  EXPECT_EQ(posted[0], (PostedItem{600'000, 610'000}));
}

TEST(PostTest, StepsAtAnIncentiveConstraintBecomeStrict) {
  const UncertainMarket market = *LinearCosts().Create();
  // Type 1 is indifferent to item 2, type 3 to item 2.
  const contract::PostedMenu posted = *Post(market, MenuOf({{0.6, 0.6}, {0.4, 0.5}, {0.2, 0.3}}));
  EXPECT_EQ(posted[2], (PostedItem{200'000, 300'000}));
  EXPECT_EQ(posted[1], (PostedItem{400'000, 499'999}));
  EXPECT_EQ(posted[0], (PostedItem{600'000, 600'000}));
  const contract::PostedMenu least = *Post(market, MenuOf({{0.6, 0.56}, {0.4, 0.46}, {0.2, 0.3}}));
  EXPECT_EQ(least[0].reward_micros, 560'002);
  EXPECT_EQ(least[1].reward_micros, 460'001);
}

TEST(PostTest, TheCostliestTypeNeverLoses) {
  const UncertainMarket market = *LinearCosts().Create();
  const contract::PostedMenu posted = *Post(market, MenuOf({{0.6, 0.5}, {0.4, 0.38}, {0.2, 0.2}}));
  EXPECT_EQ(posted[2], (PostedItem{200'000, 200'001}));
}

TEST(PostTest, ATypeThatIsAskedNothingMayBePaidNothing) {
  const UncertainMarket market = *LinearCosts().Create();
  const contract::PostedMenu posted = *Post(market, MenuOf({{0.6, 0.39}, {0.0, 0.0}, {0.0, 0.0}}));
  EXPECT_EQ(posted[2], (PostedItem{0, 0}));
  EXPECT_EQ(posted[1], (PostedItem{0, 0}));
  EXPECT_TRUE(AuditOf(market, posted).Feasible(0.0));
}

TEST(PostTest, QualitiesOnOneGridPointShareAnItemOfMeanRent) {
  const UncertainMarket market = *LinearCosts().Create();
  const contract::PostedMenu posted = *Post(market, MenuOf({{0.7, 0.75}, {0.4000009, 0.5}, {0.4000001, 0.5}}));
  EXPECT_EQ(posted[1], posted[2]);
  EXPECT_EQ(posted[1].quality_micros, 400'000);
  EXPECT_NE(posted[0], posted[1]);
}

TEST(PostTest, NeighboursTooCloseToTellApartShareAnItem) {
  MarketFixture fixture = LinearCosts();
  fixture.cost_types = {0.5, 0.5 + 1e-9, 1.0};
  fixture.probabilities = {0.3, 0.3, 0.4};
  const UncertainMarket market = *fixture.Create();
  // Rents of .4 each for the two that cannot be told apart.
  const contract::PostedMenu posted = *Post(market, MenuOf({{0.8, 0.8}, {0.4, 0.6}, {0.2, 0.4}}));
  EXPECT_EQ(posted[0], posted[1]);
  EXPECT_EQ(posted[0].quality_micros, 600'000);
  EXPECT_NEAR(static_cast<double>(posted[0].reward_micros), 700'000, 1);
  EXPECT_TRUE(AuditOf(market, posted).Feasible(0.0));
}

TEST(PostTest, ARareTypeTakesTheItemOfTheNeighbourItCannotBeToldFrom) {
  MarketFixture fixture = LinearCosts();
  fixture.cost_types = {0.5, 0.5 + 1e-9, 1.0};
  fixture.probabilities = {0.5, 1e-9, 0.5 - 1e-9};
  const UncertainMarket market = *fixture.Create();
  const contract::PostedMenu posted = *Post(market, MenuOf({{0.8, 0.8}, {0.2, 0.5}, {0.2, 0.4}}));
  EXPECT_EQ(posted[0], posted[1]);
  EXPECT_NEAR(static_cast<double>(posted[1].quality_micros), 800'000, 2);
  EXPECT_NEAR(static_cast<double>(posted[2].quality_micros), 200'000, 2);
}

TEST(PostTest, SixteenNearlyEqualTypesStillPost) {
  MarketFixture fixture;
  fixture.cost_types.clear();
  fixture.probabilities.assign(16, 1.0 / 16);
  std::vector<contract::Item> items;
  for (int k = 0; k < 16; ++k) {
    fixture.cost_types.push_back(1.0 + k * 1e-9);
    items.push_back({0.9 - 0.05 * k, 1.4 - 0.07 * k});
  }
  const UncertainMarket market = *fixture.Create();
  const AuditReport audit = AuditOf(market, *Post(market, MenuOf(items)));
  EXPECT_TRUE(audit.Feasible(0.0));
  EXPECT_DOUBLE_EQ(audit.truthful, 1.0);
}

TEST(PostTest, RefusesMoneyTooLargeForWholeMicroUnits) {
  const UncertainMarket market = *LinearCosts().Create();
  EXPECT_EQ(Post(market, MenuOf({{0.6, 1e10}, {0.4, 1e10}, {0.2, 1e10}})).status().code(),
            absl::StatusCode::kOutOfRange);
  MarketFixture steep = LinearCosts();
  for (double& theta : steep.cost_types) theta *= 1e10;
  steep.participation_noise *= 1e10;
  EXPECT_EQ(Post(*steep.Create(), MenuOf({{0.0, 0.0}, {0.0, 0.0}, {0.0, 0.0}})).status().code(),
            absl::StatusCode::kOutOfRange);
}

}  // namespace
}  // namespace giot::uncertain
