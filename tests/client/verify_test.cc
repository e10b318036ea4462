#include "client/verify.h"

#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/client/honest_reply.h"

namespace giot::client {
namespace {

class VerifyTest : public testing::Test {
 protected:
  void SetUp() override {
    reply_ = HonestReply(market_);
    ASSERT_TRUE(VerifyCertificate(market_, reply_).ok()) << VerifyCertificate(market_, reply_);
  }

  void ExpectFalse(const std::string& named) {
    const absl::Status status = VerifyCertificate(market_, reply_);
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << status;
    EXPECT_THAT(std::string(status.message()), testing::HasSubstr(named));
  }

  static contract::ScreeningMarket ThreeTypes() {
    const std::vector<double> cost_types = {0.3, 0.6, 1.0};
    const std::vector<double> probabilities = {0.2, 0.3, 0.5};
    contract::ScreeningMarketSpec spec;
    spec.cost_types = cost_types;
    spec.probabilities = probabilities;
    spec.value_scale = 1.0;
    spec.value_rate = 12.0;
    spec.quality_min = 0.05;
    spec.vehicles = 50;
    spec.budget = 30.0;
    return *contract::ScreeningMarket::Create(spec);
  }

  const contract::ScreeningMarket market_ = ThreeTypes();
  v1::GenerateContractResponse reply_;
};

TEST_F(VerifyTest, AnInflatedUtilityIsFound) {
  reply_.mutable_certificate()->set_utility(reply_.certificate().utility() * 1.0001);
  ExpectFalse("certificate.utility");
}

TEST_F(VerifyTest, ALoweredOptimumIsFound) {
  reply_.mutable_certificate()->set_optimal_utility(reply_.certificate().optimal_utility() * 0.9999);
  ExpectFalse("certificate.optimal_utility");
}

TEST_F(VerifyTest, AnUnderstatedGapIsFound) {
  reply_.mutable_certificate()->set_gap(0.0);
  ExpectFalse("certificate.gap");
}

TEST_F(VerifyTest, AFalseRatioIsFound) {
  reply_.mutable_certificate()->set_ratio(0.9);
  ExpectFalse("certificate.ratio");
}

TEST_F(VerifyTest, FalseSlacksAreFound) {
  reply_.mutable_certificate()->set_worst_ir_slack(0.1);
  ExpectFalse("certificate.worst_ir_slack");
}

TEST_F(VerifyTest, AFewMicroUnitsTooLittleForTheCostliestTypeAreFound) {
  auto& item = *reply_.mutable_menu(2);
  item.set_reward_micros(item.reward_micros() - 5);
  ExpectFalse("infeasible");
}

TEST_F(VerifyTest, AnOverpaidItemIsFound) {
  auto& item = *reply_.mutable_menu(0);
  item.set_reward_micros(item.reward_micros() + 1'000'000);
  ExpectFalse("infeasible");
}

TEST_F(VerifyTest, AMissingItemIsFoundWhereAllMustBeServed) {
  reply_.mutable_menu()->RemoveLast();
  ExpectFalse("none of which may be left out");
}

TEST_F(VerifyTest, TooManyItemsAreFound) {
  *reply_.add_menu() = reply_.menu(2);
  ExpectFalse("at most 3");
}

TEST_F(VerifyTest, AnEmptyMenuIsFound) {
  reply_.clear_menu();
  ExpectFalse("got 0 items");
}

}  // namespace
}  // namespace giot::client
