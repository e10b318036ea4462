// Certificates of markets whose optimum is not known.
#include <functional>
#include <string>

#include "client/conversion.h"
#include "client/verify.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/client/honest_reply.h"

namespace giot::client {
namespace {

v1::GenerateContractRequest UncertainRequest() {
  v1::GenerateContractRequest request;
  v1::UncertainMarket& market = *request.mutable_uncertain();
  for (const double theta : {0.3, 0.6, 1.0}) market.add_cost_types(theta);
  for (const double p : {0.2, 0.3, 0.5}) market.add_probabilities(p);
  market.set_value_rate(12.0);
  market.set_cost_curvature(0.5);
  market.set_vehicles(20);
  market.set_coverage_value(0.5);
  market.set_threshold_value(0.9);
  market.set_threshold(0.3);
  market.set_threshold_width(0.04);
  market.set_outside_option(0.1);
  market.set_participation_noise(0.05);
  return request;
}

v1::GenerateContractRequest FreshnessRequest() {
  v1::GenerateContractRequest request;
  v1::FreshnessMarket& market = *request.mutable_freshness();
  for (const double theta : {0.3, 0.3, 1.0}) market.add_sensing_costs(theta);
  for (const double delta : {0.1, 0.6, 0.2}) market.add_update_costs(delta);
  for (const double p : {0.2, 0.3, 0.5}) market.add_probabilities(p);
  market.set_value_scale(2.0);
  market.set_value_rate(12.0);
  market.set_staleness_rate(0.3);
  market.set_vehicles(20);
  return request;
}

v1::GenerateContractResponse Reply(const v1::GenerateContractRequest& request) {
  return request.has_uncertain() ? HonestReply(*MarketFromProto(request.uncertain()))
                                 : HonestReply(*MarketFromProto(request.freshness()));
}

struct Lie {
  std::string name;
  std::string found;  // What the status names.
  std::function<void(v1::GenerateContractResponse&)> tell;
};

class BoundedLieTest : public testing::TestWithParam<Lie> {
 protected:
  void ExpectFound(const v1::GenerateContractRequest& request) {
    v1::GenerateContractResponse reply = Reply(request);
    ASSERT_TRUE(VerifyCertificate(request, reply).ok()) << VerifyCertificate(request, reply);
    GetParam().tell(reply);
    const absl::Status status = VerifyCertificate(request, reply);
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << status;
    EXPECT_THAT(std::string(status.message()), testing::HasSubstr(GetParam().found));
  }
};

TEST_P(BoundedLieTest, IsFoundInAnUncertainMarket) { ExpectFound(UncertainRequest()); }
TEST_P(BoundedLieTest, IsFoundInAFreshnessMarket) { ExpectFound(FreshnessRequest()); }

INSTANTIATE_TEST_SUITE_P(
    Verify, BoundedLieTest,
    testing::Values(Lie{"Utility", "certificate.utility",
                        [](auto& reply) {
                          reply.mutable_certificate()->set_utility(reply.certificate().utility() * 1.0001);
                        }},
                    Lie{"UpperBound", "certificate.upper_bound",
                        [](auto& reply) {
                          reply.mutable_certificate()->set_upper_bound(reply.certificate().upper_bound() * 0.999);
                        }},
                    Lie{"NoUpperBound", "certificate.upper_bound",
                        [](auto& reply) { reply.mutable_certificate()->clear_upper_bound(); }},
                    Lie{"Gap", "certificate.gap", [](auto& reply) { reply.mutable_certificate()->set_gap(0.0); }},
                    Lie{"BoundRatio", "certificate.bound_ratio",
                        [](auto& reply) { reply.mutable_certificate()->set_bound_ratio(0.99); }},
                    Lie{"WorstIrSlack", "certificate.worst_ir_slack",
                        [](auto& reply) { reply.mutable_certificate()->set_worst_ir_slack(0.5); }},
                    Lie{"WorstIcSlack", "certificate.worst_ic_slack",
                        [](auto& reply) { reply.mutable_certificate()->set_worst_ic_slack(0.5); }},
                    Lie{"Participation", "certificate.participation",
                        [](auto& reply) { reply.mutable_certificate()->set_participation(0.123); }},
                    Lie{"Underpaid", "infeasible", [](auto& reply) { reply.mutable_menu(0)->set_reward_micros(0); }},
                    Lie{"TooManyItems", "items",
                        [](auto& reply) {
                          while (reply.menu_size() <= 16) *reply.add_menu() = reply.menu(0);
                        }}),
    [](const auto& test) { return test.param.name; });

void ExpectFound(const v1::GenerateContractRequest& request, const v1::GenerateContractResponse& reply,
                 const std::string& named) {
  const absl::Status status = VerifyCertificate(request, reply);
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << status;
  EXPECT_THAT(std::string(status.message()), testing::HasSubstr(named));
}

TEST(VerifyUncertainTest, AMissingItemIsFound) {
  v1::GenerateContractResponse reply = Reply(UncertainRequest());
  reply.mutable_menu()->RemoveLast();
  ExpectFound(UncertainRequest(), reply, "one for each of the 3 types");
}

TEST(VerifyFreshnessTest, ChoicesThatAreNoneAreFound) {
  v1::GenerateContractResponse reply = Reply(FreshnessRequest());
  reply.set_choice(1, reply.menu_size());
  ExpectFound(FreshnessRequest(), reply, "choice[1]");
  reply.set_choice(1, -2);
  ExpectFound(FreshnessRequest(), reply, "choice[1]");
  reply.mutable_choice()->RemoveLast();
  ExpectFound(FreshnessRequest(), reply, "one for each of 3 types");
}

TEST(VerifyFreshnessTest, ATypeThatIsDeniedItsBestItemIsFound) {
  v1::GenerateContractResponse reply = Reply(FreshnessRequest());
  ASSERT_GE(reply.choice(0), 0);
  reply.set_choice(0, -1);
  ExpectFound(FreshnessRequest(), reply, "infeasible");
}

TEST(VerifyFreshnessTest, NobodyTakingPartIsAMenuToo) {
  v1::GenerateContractRequest request = FreshnessRequest();
  request.mutable_freshness()->set_value_scale(1e-3);
  const v1::GenerateContractResponse reply = Reply(request);
  ASSERT_EQ(reply.menu_size(), 0);
  EXPECT_THAT(reply.choice(), testing::Each(-1));
  v1::GenerateContractResponse without_ratio = reply;
  without_ratio.mutable_certificate()->clear_bound_ratio();
  EXPECT_TRUE(VerifyCertificate(request, without_ratio).ok()) << VerifyCertificate(request, without_ratio);
}

TEST(VerifyRequestTest, WantsAMarket) {
  EXPECT_EQ(VerifyCertificate(v1::GenerateContractRequest(), v1::GenerateContractResponse()).code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace giot::client
