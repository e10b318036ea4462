#include "models/contract/post.h"

#include <algorithm>

#include "gtest/gtest.h"
#include "models/contract/audit.h"
#include "models/contract/exact.h"
#include "models/contract/feasible_decode.h"
#include "tests/models/contract/market_fixture.h"

namespace giot::contract {
namespace {

Menu WithLeastRewards(const ScreeningMarket& market, std::vector<double> qualities) {
  Menu menu(static_cast<int>(qualities.size()));
  for (int k = 0; k < menu.size(); ++k) menu[k].quality = qualities[static_cast<std::size_t>(k)];
  AssignLeastRewards(market, menu);
  return menu;
}

TEST(PostTest, PicksGridPointsWhoseStepsFillWholeMicroUnits) {
  MarketFixture fixture;
  fixture.cost_types = {0.5, 0.8, 1.0};
  fixture.cost_curvature = 0.0;
  const ScreeningMarket market = *fixture.Create();
  const PostedMenu posted = *Post(market, WithLeastRewards(market, {0.9999999, 0.5000004, 0.3}));
  // theta 1: 300'000 micro-units buy 300'000 grid points less one, as the step must be strict.
  EXPECT_EQ(posted[2], (PostedItem{299'999, 300'000}));
  // theta .8: 200'001 more cost 160'000.8, so 160'001, which would buy 200'001.25.
  EXPECT_EQ(posted[1], (PostedItem{500'000, 460'001}));
  // theta .5: 499'999 more cost 249'999.5, so 250'000, which buys 500'000 less one.
  EXPECT_EQ(posted[0], (PostedItem{999'999, 710'001}));
}

TEST(PostTest, NeverGoesBelowTheLowestQuality) {
  MarketFixture fixture;
  fixture.quality_min = 0.0500004;
  const ScreeningMarket market = *fixture.Create();
  const PostedMenu posted = *Post(market, WithLeastRewards(market, {0.0500004, 0.0500004, 0.0500004}));
  for (int k = 0; k < 3; ++k) EXPECT_EQ(posted[k].quality_micros, 50'001);
}

TEST(PostTest, MergesItemsThatFallOnOneGridPoint) {
  const ScreeningMarket market = *MarketFixture().Create();
  const PostedMenu posted = *Post(market, WithLeastRewards(market, {0.7, 0.4000009, 0.4000001}));
  EXPECT_EQ(posted[1], posted[2]);
  EXPECT_NE(posted[0], posted[1]);
}

TEST(PostTest, MergesNeighboursWhereRoundingUpWouldMakeTheCostlierTypeEnvious) {
  MarketFixture fixture;
  fixture.cost_types = {0.5, 0.5 + 1e-9, 1.0};
  const ScreeningMarket market = *fixture.Create();
  const PostedMenu posted = *Post(market, WithLeastRewards(market, {0.8, 0.4, 0.2}));
  EXPECT_EQ(posted[0], posted[1]);
  EXPECT_TRUE(Audit(market, posted).Feasible(0.0));
}

TEST(PostTest, SixteenNearlyEqualTypesStillPost) {
  MarketFixture fixture;
  fixture.cost_types.clear();
  fixture.probabilities.assign(16, 1.0 / 16);
  std::vector<double> qualities;
  for (int k = 0; k < 16; ++k) {
    fixture.cost_types.push_back(1.0 + k * 1e-9);
    qualities.push_back(0.9 - 0.05 * k);
  }
  const ScreeningMarket market = *fixture.Create();
  const AuditReport audit = Audit(market, *Post(market, WithLeastRewards(market, qualities)));
  EXPECT_TRUE(audit.Feasible(0.0));
  EXPECT_DOUBLE_EQ(audit.realised.truthful, 1.0);
}

TEST(PostTest, StaysWithinABudgetThatTheDesignSpendsToTheLastDigit) {
  MarketFixture fixture;
  fixture.budget = 0.2;
  const ScreeningMarket market = *fixture.Create();
  const AuditReport audit = Audit(market, *Post(market, SolveExact(market).menu));
  EXPECT_GE(audit.budget_slack, 0.0);
  EXPECT_LT(audit.budget_slack, 2e-5);
}

TEST(PostTest, NamesTheBudgetThatIsBelowTheFirstWholeMicroUnit) {
  MarketFixture fixture;
  fixture.cost_curvature = 0.0;
  fixture.quality_min = 0.0500001;
  fixture.budget = 0.0500001;
  const ScreeningMarket market = *fixture.Create();
  const absl::Status status = Post(market, SolveExact(market).menu).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << status;
}

TEST(PostTest, RefusesMoneyTooLargeForWholeMicroUnits) {
  MarketFixture fixture;
  for (double& theta : fixture.cost_types) theta *= 1e11;
  fixture.value_scale = 1e11;
  const ScreeningMarket market = *fixture.Create();
  EXPECT_EQ(Post(market, SolveExact(market).menu).status().code(), absl::StatusCode::kOutOfRange);
}

TEST(PostTest, ARareTypeTakesTheItemOfTheNeighbourItCannotBeToldFrom) {
  MarketFixture fixture;
  fixture.cost_types = {0.5, 0.5 + 1e-9, 1.0};
  fixture.probabilities = {0.5, 1e-9, 0.5 - 1e-9};
  const ScreeningMarket market = *fixture.Create();
  const PostedMenu posted = *Post(market, WithLeastRewards(market, {0.8, 0.2, 0.2}));
  EXPECT_EQ(posted[0], posted[1]);
  EXPECT_NEAR(static_cast<double>(posted[1].quality_micros), 800'000, 2);
  EXPECT_NEAR(static_cast<double>(posted[2].quality_micros), 200'000, 2);
}

TEST(PostTest, TypesThatCannotBeToldApartAreServedTogether) {
  MarketFixture fixture;
  fixture.cost_types = {0.1, 0.1 + 1e-9, 5.0};
  fixture.allow_exclusion = true;
  const ScreeningMarket market = *fixture.Create();
  const PostedMenu posted = *Post(market, WithLeastRewards(market, {0.5}));
  ASSERT_EQ(posted.size(), 2);
  EXPECT_EQ(posted[0], posted[1]);
  EXPECT_TRUE(Audit(market, posted).Feasible(0.0));
}

TEST(PostTest, TypesThatCannotBeToldApartAreLeftOutTogetherWhereTheBudgetCannotPayBoth) {
  MarketFixture fixture;
  fixture.cost_types = {0.1, 1.0, 1.0 + 1e-9};
  fixture.probabilities = {0.4, 0.3, 0.3};
  fixture.allow_exclusion = true;
  fixture.budget = 0.04;
  fixture.cost_curvature = 0.0;
  const ScreeningMarket market = *fixture.Create();
  const PostedMenu posted = *Post(market, WithLeastRewards(market, {0.05, 0.05}));
  ASSERT_EQ(posted.size(), 1);
  EXPECT_TRUE(Audit(market, posted).Feasible(0.0));
}

TEST(PostTest, NamesTheTypeThatCannotBeLeftOut) {
  MarketFixture fixture;
  fixture.cost_types = {1.0, 1.0 + 1e-9};
  fixture.probabilities = {0.1, 0.9};
  fixture.allow_exclusion = true;
  fixture.budget = 0.02;
  const ScreeningMarket market = *fixture.Create();
  const absl::Status status = Post(market, SolveExact(market).menu).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << status;
}

TEST(PostTest, ExcludedTypesStayOut) {
  MarketFixture fixture;
  fixture.cost_types = {0.1, 5.0};
  fixture.probabilities = {0.95, 0.05};
  fixture.allow_exclusion = true;
  const ScreeningMarket market = *fixture.Create();
  const PostedMenu posted = *Post(market, SolveExact(market).menu);
  ASSERT_EQ(posted.size(), 1);
  const AuditReport audit = Audit(market, posted);
  EXPECT_TRUE(audit.Feasible(0.0));
  EXPECT_EQ(audit.realised.choice[1], -1);
}

}  // namespace
}  // namespace giot::contract
