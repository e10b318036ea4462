#include "models/uncertain/uncertain_market.h"

#include <cmath>
#include <functional>
#include <limits>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/models/uncertain/market_fixture.h"

namespace giot::uncertain {
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
    UncertainMarket, RefusalTest,
    testing::Values(BadInput{"cost_types: got 1", [](auto& m) { m.cost_types = {1.0}, m.probabilities = {1.0}; }},
                    BadInput{"cost_types[1]", [](auto& m) { m.cost_types[1] = m.cost_types[0]; }},
                    BadInput{"probabilities: got", [](auto& m) { m.probabilities[0] = 0.2; }},
                    BadInput{"value_rate", [](auto& m) { m.value_rate = 0.0; }},
                    BadInput{"cost_curvature", [](auto& m) { m.cost_curvature = -0.1; }},
                    BadInput{"vehicles: got 0", [](auto& m) { m.vehicles = 0; }},
                    BadInput{"vehicles: got 1000001", [](auto& m) { m.vehicles = 1'000'001; }},
                    BadInput{"coverage_value", [](auto& m) { m.coverage_value = kNan; }},
                    BadInput{"coverage_value", [](auto& m) { m.coverage_value = m.threshold_value = 0.0; }},
                    BadInput{"threshold_value", [](auto& m) { m.threshold_value = -1.0; }},
                    BadInput{"threshold:", [](auto& m) { m.threshold = 0.0; }},
                    BadInput{"threshold_width", [](auto& m) { m.threshold_width = 0.0; }},
                    BadInput{"threshold_width", [](auto& m) { m.threshold_width = 1e-10; }},
                    BadInput{"outside_option", [](auto& m) { m.outside_option = -0.1; }},
                    BadInput{"participation_noise", [](auto& m) { m.participation_noise = 0.0; }},
                    BadInput{"participation_noise", [](auto& m) { m.cost_types[2] = 1e8; }},
                    BadInput{"participation_noise", [](auto& m) { m.participation_noise = kInfinity; }}));

TEST(UncertainMarketTest, EitherPartOfTheCoverageValueMayBeZero) {
  MarketFixture fixture;
  fixture.coverage_value = 0.0;
  EXPECT_TRUE(fixture.Create().ok());
  fixture.coverage_value = 0.5;
  fixture.threshold_value = 0.0;
  EXPECT_TRUE(fixture.Create().ok());
}

TEST(UncertainMarketTest, RenormalisesProbabilities) {
  MarketFixture fixture;
  fixture.probabilities = {0.3, 0.4, 0.3000001};
  EXPECT_DOUBLE_EQ(fixture.Create()->probabilities()[1], 0.4 / 1.0000001);
}

TEST(UncertainMarketTest, CostAndItsInverseAgree) {
  for (const double curvature : {0.0, 1e-9, 0.3, 50.0}) {
    MarketFixture fixture;
    fixture.cost_curvature = curvature;
    const UncertainMarket market = *fixture.Create();
    for (const double quality : {0.0, 0.31, 1.0}) {
      EXPECT_NEAR(market.QualityAtCost(market.Cost(quality)), quality, 1e-14);
    }
  }
}

TEST(UncertainMarketTest, CoverageIsWorthItsLogarithmAndHalfTheThresholdValueAtTheThreshold) {
  const UncertainMarket market = *MarketFixture().Create();
  EXPECT_NEAR(market.CoverageValue(0.3), 0.5 * std::log(4.0) + 0.5, 1e-15);
  // sigmoid(ln 3) = 3/4.
  EXPECT_NEAR(market.CoverageValue(0.3 + 0.04 * std::log(3.0)), 0.5 * std::log(4.0 + 0.4 * std::log(3.0)) + 0.75,
              1e-15);
}

TEST(UncertainMarketTest, HalfOfThoseWhoAreAsWellOffOutsideTakePart) {
  const UncertainMarket market = *MarketFixture().Create();
  EXPECT_DOUBLE_EQ(market.Participation(0.1), 0.5);
  EXPECT_NEAR(market.Participation(0.1 - 0.05 * std::log(3.0)), 0.25, 1e-15);
}

TEST(UncertainMarketTest, NormalisedMoneyMakesTheCostliestTypeOne) {
  MarketFixture fixture;
  fixture.cost_types = {1.0, 2.0, 4.0};
  const UncertainMarket market = fixture.Create()->Normalized();
  EXPECT_THAT(market.cost_types(), testing::ElementsAre(0.25, 0.5, 1.0));
  EXPECT_DOUBLE_EQ(market.coverage_value(), 0.125);
  EXPECT_DOUBLE_EQ(market.threshold_value(), 0.25);
  EXPECT_DOUBLE_EQ(market.outside_option(), 0.025);
  EXPECT_DOUBLE_EQ(market.participation_noise(), 0.0125);
  EXPECT_DOUBLE_EQ(market.threshold(), 0.3);
  EXPECT_DOUBLE_EQ(market.threshold_width(), 0.04);
}

}  // namespace
}  // namespace giot::uncertain
