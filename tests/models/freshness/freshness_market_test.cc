#include "models/freshness/freshness_market.h"

#include <cmath>
#include <functional>
#include <limits>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/models/freshness/market_fixture.h"

namespace giot::freshness {
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
    FreshnessMarket, RefusalTest,
    testing::Values(BadInput{"sensing_costs: got 1",
                             [](auto& m) { m.sensing_costs = {1.0}, m.update_costs = {1.0}, m.probabilities = {1.0}; }},
                    BadInput{"sensing_costs: got 26", [](auto& m) { m.sensing_costs.assign(26, 1.0); }},
                    BadInput{"update_costs: got 2",
                             [](auto& m) {
                               m.update_costs = {0.5, 1.0};
                             }},
                    BadInput{"probabilities: got 2",
                             [](auto& m) {
                               m.probabilities = {0.5, 0.5};
                             }},
                    BadInput{"sensing_costs[0]", [](auto& m) { m.sensing_costs[0] = 0.0; }},
                    BadInput{"sensing_costs[2]", [](auto& m) { m.sensing_costs[2] = kInfinity; }},
                    BadInput{"update_costs[1]", [](auto& m) { m.update_costs[1] = kNan; }},
                    BadInput{"sensing_costs[2]", [](auto& m) { m.sensing_costs[2] = 0.25, m.update_costs[2] = 0.5; }},
                    BadInput{"probabilities[1]",
                             [](auto& m) {
                               m.probabilities = {0.5, 0.0, 0.5};
                             }},
                    BadInput{"probabilities: got",
                             [](auto& m) {
                               m.probabilities = {0.3, 0.3, 0.3};
                             }},
                    BadInput{"value_scale", [](auto& m) { m.value_scale = 0.0; }},
                    BadInput{"value_rate", [](auto& m) { m.value_rate = kNan; }},
                    BadInput{"staleness_rate", [](auto& m) { m.staleness_rate = -0.1; }},
                    BadInput{"vehicles", [](auto& m) { m.vehicles = 0; }}));

TEST(FreshnessMarketTest, AcceptsTypesInAnyOrderThatShareOneCost) {
  MarketFixture fixture;
  fixture.sensing_costs = {1.0, 0.5, 0.5};
  fixture.update_costs = {0.2, 0.4, 0.2};
  EXPECT_TRUE(fixture.Create().ok());
}

TEST(FreshnessMarketTest, ValueFallsWithTheAgeOfInformation) {
  const FreshnessMarket market = *MarketFixture().Create();
  EXPECT_DOUBLE_EQ(market.Value(1.0, 1.0), std::log(11.0));
  // AoI = 1 / .5 = 2 against 1 / 1.05.
  EXPECT_DOUBLE_EQ(market.Value(0.5, 0.45), std::log(6.0) * std::exp(-0.25 * (2.0 - 1.0 / 1.05)));
  EXPECT_DOUBLE_EQ(market.Freshness(0.0), std::exp(-0.25 * (20.0 - 1.0 / 1.05)));
  EXPECT_EQ(market.Value(0.0, 1.0), 0.0);
}

TEST(FreshnessMarketTest, LargestRentIsWhatTheWorstVehicleWouldPayMore) {
  const FreshnessMarket market = *MarketFixture().Create();
  EXPECT_DOUBLE_EQ(market.LargestRent(0), 0.75 + 0.5);
  EXPECT_DOUBLE_EQ(market.LargestRent(1), 0.5 + 0.75);
  EXPECT_DOUBLE_EQ(market.LargestRent(2), 0.0);
  EXPECT_DOUBLE_EQ(market.money_scale(), 2.0);
}

TEST(FreshnessMarketTest, NormalisedMoneyMakesTheLargestSensingCostOne) {
  MarketFixture fixture;
  fixture.sensing_costs = {2.0, 4.0, 1.0};
  fixture.update_costs = {1.0, 2.0, 8.0};
  fixture.value_scale = 3.0;
  const FreshnessMarket market = fixture.Create()->Normalized();
  EXPECT_THAT(market.sensing_costs(), testing::ElementsAre(0.5, 1.0, 0.25));
  EXPECT_THAT(market.update_costs(), testing::ElementsAre(0.25, 0.5, 2.0));
  EXPECT_DOUBLE_EQ(market.value_scale(), 0.75);
  EXPECT_DOUBLE_EQ(market.money_scale(), 3.0);
}

TEST(FreshnessMarketTest, ProbabilitiesAreRenormalised) {
  MarketFixture fixture;
  fixture.probabilities = {0.25, 0.5, 0.25 + 5e-7};
  const FreshnessMarket market = *fixture.Create();
  EXPECT_DOUBLE_EQ(market.probabilities()[1], 0.5 / (1.0 + 5e-7));
}

}  // namespace
}  // namespace giot::freshness
