#include "server/rpc/convert.h"

#include <functional>
#include <limits>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/server/market.h"

namespace giot::rpc {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

struct BadRequest {
  std::string start;  // Of the message: the field and what it got.
  std::function<void(v1::GenerateContractRequest&)> damage;
};

class BadRequestTest : public testing::TestWithParam<BadRequest> {};

TEST_P(BadRequestTest, IsRefusedWithTheFieldNamed) {
  v1::GenerateContractRequest request = GoodRequest();
  GetParam().damage(request);
  absl::Status status = MarketFrom(request).status();
  if (status.ok()) status = DesignOptionsFrom(request, 64).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), testing::StartsWith(GetParam().start));
}

INSTANTIATE_TEST_SUITE_P(
    Convert, BadRequestTest,
    testing::Values(
        BadRequest{"market: got none", [](auto& r) { r.clear_market(); }},
        BadRequest{"market.screening.cost_types: got 0 types",
                   [](auto& r) { r.mutable_screening()->clear_cost_types(); }},
        BadRequest{"market.screening.cost_types[1]: got nan",
                   [](auto& r) { r.mutable_screening()->set_cost_types(1, kNan); }},
        BadRequest{"market.screening.cost_types[2]: got 0.6",
                   [](auto& r) { r.mutable_screening()->set_cost_types(2, 0.6); }},
        BadRequest{"market.screening.probabilities: got 2 values",
                   [](auto& r) { r.mutable_screening()->mutable_probabilities()->RemoveLast(); }},
        BadRequest{"market.screening.probabilities: got 1.1",
                   [](auto& r) { r.mutable_screening()->set_probabilities(0, 0.4); }},
        BadRequest{"market.screening.value_scale: got 0", [](auto& r) { r.mutable_screening()->clear_value_scale(); }},
        BadRequest{"market.screening.quality_min: got 0", [](auto& r) { r.mutable_screening()->clear_quality_min(); }},
        BadRequest{"market.screening.quality_max: got 2", [](auto& r) { r.mutable_screening()->set_quality_max(2); }},
        BadRequest{"market.screening.vehicles: got 0", [](auto& r) { r.mutable_screening()->set_vehicles(0); }},
        BadRequest{"market.screening.budget: got 0.1", [](auto& r) { r.mutable_screening()->set_budget(0.1); }},
        BadRequest{"samples: got 65", [](auto& r) { r.set_samples(65); }},
        BadRequest{"samples: got -1", [](auto& r) { r.set_samples(-1); }},
        BadRequest{"model_version: got -2", [](auto& r) { r.set_model_version(-2); }}));

TEST(MarketFromTest, TakesEveryFieldOver) {
  v1::GenerateContractRequest request = GoodRequest();
  request.mutable_screening()->set_quality_max(0.9);
  request.mutable_screening()->set_budget(5.0);
  request.mutable_screening()->set_allow_exclusion(true);
  const auto market = MarketFrom(request);
  ASSERT_TRUE(market.ok()) << market.status();
  EXPECT_THAT(market->cost_types(), testing::ElementsAre(0.3, 0.6, 1.0));
  EXPECT_EQ(market->value_scale(), 1.2);
  EXPECT_EQ(market->value_rate(), 12.0);
  EXPECT_EQ(market->cost_curvature(), 0.5);
  EXPECT_EQ(market->quality_min(), 0.05);
  EXPECT_EQ(market->quality_max(), 0.9);
  EXPECT_EQ(market->vehicles(), 10);
  EXPECT_EQ(market->budget_per_vehicle(), 0.5);
  EXPECT_TRUE(market->allow_exclusion());
}

TEST(MarketFromTest, QualityMaxAndVehiclesHaveDefaults) {
  v1::GenerateContractRequest request = GoodRequest();
  request.mutable_screening()->clear_vehicles();
  const auto market = MarketFrom(request);
  ASSERT_TRUE(market.ok()) << market.status();
  EXPECT_EQ(market->quality_max(), 1.0);
  EXPECT_EQ(market->vehicles(), 1);
}

TEST(DesignOptionsFromTest, NoSamplesMeansOne) {
  const auto options = DesignOptionsFrom(GoodRequest(), 64);
  ASSERT_TRUE(options.ok());
  EXPECT_EQ(options->samples, 1);
  EXPECT_EQ(options->seed, 1U);
}

}  // namespace
}  // namespace giot::rpc
