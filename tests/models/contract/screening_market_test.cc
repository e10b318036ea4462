#include "models/contract/screening_market.h"

#include <cmath>
#include <functional>
#include <limits>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/models/contract/market_fixture.h"

namespace giot::contract {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

struct BadInput {
  std::string field;  // That the message must name.
  std::function<void(MarketFixture&)> damage;
};

class RefusalTest : public testing::TestWithParam<BadInput> {};

TEST_P(RefusalTest, NamesTheField) {
  MarketFixture fixture;
  GetParam().damage(fixture);
  const absl::Status status = fixture.Create().status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), testing::StartsWith(GetParam().field)) << status;
}

INSTANTIATE_TEST_SUITE_P(
    ScreeningMarket, RefusalTest,
    testing::Values(BadInput{"cost_types: got 1", [](auto& m) { m.cost_types = {1.0}, m.probabilities = {1.0}; }},
                    BadInput{"cost_types: got 17",
                             [](auto& m) { m.cost_types.assign(17, 1.0), m.probabilities.assign(17, 1.0 / 17); }},
                    BadInput{"cost_types[0]", [](auto& m) { m.cost_types[0] = 0.0; }},
                    BadInput{"cost_types[1]", [](auto& m) { m.cost_types[1] = m.cost_types[0]; }},
                    BadInput{"cost_types[2]", [](auto& m) { m.cost_types[2] = 0.6; }},
                    BadInput{"cost_types[1]", [](auto& m) { m.cost_types[1] = kNan; }},
                    BadInput{"cost_types[2]", [](auto& m) { m.cost_types[2] = kInfinity; }},
                    BadInput{"probabilities: got 2",
                             [](auto& m) {
                               m.probabilities = {0.5, 0.5};
                             }},
                    BadInput{"probabilities[1]",
                             [](auto& m) {
                               m.probabilities = {0.5, 0.0, 0.5};
                             }},
                    BadInput{"probabilities[0]", [](auto& m) { m.probabilities[0] = kNan; }},
                    BadInput{"probabilities: got",
                             [](auto& m) {
                               m.probabilities = {0.3, 0.3, 0.3};
                             }},
                    BadInput{"value_scale", [](auto& m) { m.value_scale = 0.0; }},
                    BadInput{"value_rate", [](auto& m) { m.value_rate = kNan; }},
                    BadInput{"cost_curvature", [](auto& m) { m.cost_curvature = -0.1; }},
                    BadInput{"quality_max", [](auto& m) { m.quality_max = 1.1; }},
                    BadInput{"quality_min", [](auto& m) { m.quality_min = 0.0; }},
                    BadInput{"quality_min", [](auto& m) { m.quality_min = 1.0; }},
                    BadInput{"vehicles", [](auto& m) { m.vehicles = 0; }},
                    BadInput{"budget", [](auto& m) { m.budget = 0.05; }},
                    BadInput{"budget", [](auto& m) { m.budget = kNan; }}));

TEST(ScreeningMarketTest, CostAndItsInverseAgree) {
  for (const double curvature : {0.0, 1e-9, 0.3, 1.0, 50.0}) {
    MarketFixture fixture;
    fixture.cost_curvature = curvature;
    const ScreeningMarket market = *fixture.Create();
    for (const double quality : {0.05, 0.31, 1.0}) {
      EXPECT_NEAR(market.QualityAtCost(market.Cost(quality)), quality, 1e-14);
    }
  }
}

TEST(ScreeningMarketTest, BudgetIsSharedAmongVehicles) {
  MarketFixture fixture;
  fixture.vehicles = 50;
  fixture.budget = 20.0;
  EXPECT_DOUBLE_EQ(*fixture.Create()->budget_per_vehicle(), 0.4);
}

TEST(ScreeningMarketTest, NormalisedMoneyMakesTheCostliestTypeOne) {
  MarketFixture fixture;
  fixture.cost_types = {1.0, 2.0, 4.0};
  fixture.value_scale = 3.0;
  fixture.budget = 2.0;
  const ScreeningMarket market = fixture.Create()->Normalized();
  EXPECT_THAT(market.cost_types(), testing::ElementsAre(0.25, 0.5, 1.0));
  EXPECT_DOUBLE_EQ(market.value_scale(), 0.75);
  EXPECT_DOUBLE_EQ(*market.budget_per_vehicle(), 0.5);
}

TEST(ScreeningMarketTest, PrefixIsTheMarketOfThoseServed) {
  MarketFixture fixture;
  fixture.budget = 0.21;
  const ScreeningMarket market = *fixture.Create();
  const std::optional<ScreeningMarket> prefix = market.Prefix(2);
  ASSERT_TRUE(prefix.has_value());
  EXPECT_THAT(prefix->cost_types(), testing::ElementsAre(0.5, 0.8));
  EXPECT_THAT(prefix->probabilities(), testing::ElementsAre(testing::DoubleEq(3.0 / 7), testing::DoubleEq(4.0 / 7)));
  EXPECT_DOUBLE_EQ(*prefix->budget_per_vehicle(), 0.3);
}

TEST(ScreeningMarketTest, APrefixBeyondTheBudgetDoesNotExist) {
  MarketFixture fixture;
  fixture.allow_exclusion = true;
  fixture.budget = 0.3 * 0.5 * (0.05 + 0.25 * 0.0025);  // q_min for the cheapest type alone.
  const ScreeningMarket market = *fixture.Create();
  EXPECT_TRUE(market.Prefix(1).has_value());
  EXPECT_FALSE(market.Prefix(2).has_value());
}

}  // namespace
}  // namespace giot::contract
