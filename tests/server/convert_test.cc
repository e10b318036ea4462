#include "server/rpc/convert.h"

#include <functional>
#include <limits>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/rpc/freshness_convert.h"
#include "server/rpc/screening_convert.h"
#include "server/rpc/uncertain_convert.h"
#include "tests/server/market.h"

namespace giot::rpc {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

struct BadRequest {
  std::string start;  // Of the message: the field and what it got.
  std::function<void(v1::GenerateContractRequest&)> damage;
};

class BadRequestTest : public testing::TestWithParam<BadRequest> {};

absl::Status MarketStatus(const v1::GenerateContractRequest& request) {
  if (request.has_uncertain()) return MarketFrom(request.uncertain()).status();
  if (request.has_freshness()) return MarketFrom(request.freshness()).status();
  return MarketFrom(request.screening()).status();
}

TEST_P(BadRequestTest, IsRefusedWithTheFieldNamed) {
  v1::GenerateContractRequest request = GoodRequest();
  GetParam().damage(request);
  absl::Status status = MarketStatus(request);
  if (status.ok()) status = EffortFrom(request, 64).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), testing::StartsWith(GetParam().start));
}

INSTANTIATE_TEST_SUITE_P(
    Convert, BadRequestTest,
    testing::Values(
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
        BadRequest{"model_version: got -2", [](auto& r) { r.set_model_version(-2); }},
        BadRequest{"time_budget_us: got -1", [](auto& r) { r.set_time_budget_us(-1); }}));

v1::UncertainMarket& Uncertain(v1::GenerateContractRequest& request) {
  *request.mutable_uncertain() = UncertainRequest().uncertain();
  return *request.mutable_uncertain();
}

INSTANTIATE_TEST_SUITE_P(
    ConvertUncertain, BadRequestTest,
    testing::Values(
        BadRequest{"market.uncertain.cost_types: got 0 types", [](auto& r) { Uncertain(r).clear_cost_types(); }},
        BadRequest{"market.uncertain.cost_types[1]: got nan", [](auto& r) { Uncertain(r).set_cost_types(1, kNan); }},
        BadRequest{"market.uncertain.probabilities: got 2 values",
                   [](auto& r) { Uncertain(r).mutable_probabilities()->RemoveLast(); }},
        BadRequest{"market.uncertain.value_rate: got 0", [](auto& r) { Uncertain(r).clear_value_rate(); }},
        BadRequest{"market.uncertain.cost_curvature: got -1", [](auto& r) { Uncertain(r).set_cost_curvature(-1.0); }},
        BadRequest{"market.uncertain.vehicles: got 1000001", [](auto& r) { Uncertain(r).set_vehicles(1'000'001); }},
        BadRequest{"market.uncertain.coverage_value: got -1", [](auto& r) { Uncertain(r).set_coverage_value(-1.0); }},
        BadRequest{"market.uncertain.threshold_value: got nan",
                   [](auto& r) { Uncertain(r).set_threshold_value(kNan); }},
        BadRequest{"market.uncertain.threshold: got 0", [](auto& r) { Uncertain(r).clear_threshold(); }},
        BadRequest{"market.uncertain.threshold_width: got 0", [](auto& r) { Uncertain(r).clear_threshold_width(); }},
        BadRequest{"market.uncertain.outside_option: got -1", [](auto& r) { Uncertain(r).set_outside_option(-1.0); }},
        BadRequest{"market.uncertain.participation_noise: got 0",
                   [](auto& r) { Uncertain(r).clear_participation_noise(); }}));

v1::FreshnessMarket& Freshness(v1::GenerateContractRequest& request) {
  *request.mutable_freshness() = FreshnessRequest().freshness();
  return *request.mutable_freshness();
}

INSTANTIATE_TEST_SUITE_P(
    ConvertFreshness, BadRequestTest,
    testing::Values(
        BadRequest{"market.freshness.sensing_costs: got 0 types", [](auto& r) { Freshness(r).clear_sensing_costs(); }},
        BadRequest{"market.freshness.sensing_costs[2]: got 0", [](auto& r) { Freshness(r).set_sensing_costs(2, 0.0); }},
        BadRequest{"market.freshness.sensing_costs[1]: got type",
                   [](auto& r) { Freshness(r).set_update_costs(1, 0.2); }},
        BadRequest{"market.freshness.update_costs: got 24 values",
                   [](auto& r) { Freshness(r).mutable_update_costs()->RemoveLast(); }},
        BadRequest{"market.freshness.update_costs[3]: got nan",
                   [](auto& r) { Freshness(r).set_update_costs(3, kNan); }},
        BadRequest{"market.freshness.probabilities[4]: got 0", [](auto& r) { Freshness(r).set_probabilities(4, 0.0); }},
        BadRequest{"market.freshness.value_scale: got 0", [](auto& r) { Freshness(r).clear_value_scale(); }},
        BadRequest{"market.freshness.value_rate: got 0", [](auto& r) { Freshness(r).clear_value_rate(); }},
        BadRequest{"market.freshness.staleness_rate: got -1", [](auto& r) { Freshness(r).set_staleness_rate(-1.0); }},
        BadRequest{"market.freshness.vehicles: got 0", [](auto& r) { Freshness(r).set_vehicles(0); }}));

TEST(MarketFromTest, TakesEveryFieldOver) {
  v1::GenerateContractRequest request = GoodRequest();
  request.mutable_screening()->set_quality_max(0.9);
  request.mutable_screening()->set_budget(5.0);
  request.mutable_screening()->set_allow_exclusion(true);
  const auto market = MarketFrom(request.screening());
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
  const auto market = MarketFrom(request.screening());
  ASSERT_TRUE(market.ok()) << market.status();
  EXPECT_EQ(market->quality_max(), 1.0);
  EXPECT_EQ(market->vehicles(), 1);
}

TEST(MarketFromTest, TakesEveryFieldOfAnUncertainMarketOver) {
  const auto market = MarketFrom(UncertainRequest().uncertain());
  ASSERT_TRUE(market.ok()) << market.status();
  EXPECT_THAT(market->cost_types(), testing::ElementsAre(0.3, 0.6, 1.0));
  EXPECT_THAT(market->probabilities(), testing::ElementsAre(0.3, 0.3, 0.4));
  EXPECT_EQ(market->value_rate(), 12.0);
  EXPECT_EQ(market->cost_curvature(), 0.5);
  EXPECT_EQ(market->vehicles(), 20);
  EXPECT_EQ(market->coverage_value(), 0.5);
  EXPECT_EQ(market->threshold_value(), 0.9);
  EXPECT_EQ(market->threshold(), 0.3);
  EXPECT_EQ(market->threshold_width(), 0.04);
  EXPECT_EQ(market->outside_option(), 0.1);
  EXPECT_EQ(market->participation_noise(), 0.05);
}

TEST(MarketFromTest, TakesEveryFieldOfAFreshnessMarketOver) {
  const auto market = MarketFrom(FreshnessRequest().freshness());
  ASSERT_TRUE(market.ok()) << market.status();
  EXPECT_EQ(market->types(), 25);
  EXPECT_EQ(market->sensing_costs()[5], 0.5);
  EXPECT_EQ(market->update_costs()[6], 0.3);
  EXPECT_NEAR(market->probabilities()[7], 0.04, 1e-15);
  EXPECT_EQ(market->value_scale(), 1.6);
  EXPECT_EQ(market->value_rate(), 10.0);
  EXPECT_EQ(market->staleness_rate(), 0.3);
  EXPECT_EQ(market->vehicles(), 10);
}

TEST(EffortFromTest, NoSamplesMeansOneAndNoTimeNone) {
  const auto effort = EffortFrom(GoodRequest(), 64);
  ASSERT_TRUE(effort.ok());
  EXPECT_EQ(effort->samples, 1);
  EXPECT_EQ(effort->seed, 1U);
  EXPECT_EQ(effort->time_budget, absl::ZeroDuration());
}

TEST(EffortFromTest, TheTimeBudgetIsInMicroseconds) {
  v1::GenerateContractRequest request = GoodRequest();
  request.set_time_budget_us(2500);
  EXPECT_EQ(EffortFrom(request, 64)->time_budget, absl::Milliseconds(2.5));
}

TEST(BoundCertificateTest, MoneyIsForAllVehiclesAndTheGapIsToTheBound) {
  engine::BoundCertificate certificate;
  certificate.utility = 0.75;
  certificate.upper_bound = 1.0;
  certificate.bound_ratio = 0.75;
  certificate.participation = 0.5;
  certificate.evaluations = 17;
  v1::Certificate message;
  ToProto(certificate, 20.0, message);
  EXPECT_EQ(message.utility(), 15.0);
  EXPECT_EQ(message.upper_bound(), 20.0);
  EXPECT_EQ(message.gap(), 5.0);
  EXPECT_EQ(message.bound_ratio(), 0.75);
  EXPECT_EQ(message.participation(), 0.5);
  EXPECT_EQ(message.evaluations(), 17);
  EXPECT_EQ(message.source(), v1::MENU_SOURCE_GDM);
  EXPECT_FALSE(message.has_ratio());
  EXPECT_EQ(message.optimal_utility(), 0.0);
}

TEST(BoundCertificateTest, ASearchSaysWhy) {
  engine::BoundCertificate certificate;
  certificate.search = engine::SearchCause{engine::SearchReason::kOutsideRanges, "value_rate: got 500"};
  v1::Certificate message;
  ToProto(certificate, 1.0, message);
  EXPECT_EQ(message.source(), v1::MENU_SOURCE_SEARCH);
  EXPECT_EQ(message.search_reason(), v1::SEARCH_REASON_OUTSIDE_RANGES);
  EXPECT_EQ(message.search_reason_text(), "value_rate: got 500");
  EXPECT_FALSE(message.has_bound_ratio());
}

}  // namespace
}  // namespace giot::rpc
