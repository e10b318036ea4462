#include "server/engine/contract_engine.h"

#include <memory>

#include "gtest/gtest.h"
#include "models/contract/exact.h"
#include "server/rpc/screening_convert.h"
#include "tests/server/market.h"
#include "tests/server/test_model.h"

namespace giot::engine {
namespace {

// The test bundle's weights are random: its menus are feasible and poor.
class ContractEngineTest : public testing::Test {
 protected:
  absl::StatusOr<Answer> Generate(const v1::GenerateContractRequest& request, double floor, int samples = 1) {
    const auto market = rpc::MarketFrom(request.screening());
    EXPECT_TRUE(market.ok()) << market.status();
    return ContractEngine({.floor = floor}).Generate(*bundle_, *market, {samples, request.seed()}, nullptr);
  }

  const std::shared_ptr<const bundle::Bundle> bundle_ = TestModel(bundle::Family::kScreening);
};

TEST_F(ContractEngineTest, ServesThePolicysMenuAboveTheFloor) {
  const auto answer = Generate(GoodRequest(), 0.0);
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_FALSE(answer->certificate.exact.has_value());
  EXPECT_TRUE(answer->certificate.audit.Feasible(0.0));
  ASSERT_TRUE(answer->certificate.ratio.has_value());
  EXPECT_LT(*answer->certificate.ratio, 1.0);
  EXPECT_NEAR(*answer->certificate.ratio,
              answer->certificate.audit.utility_per_vehicle / answer->certificate.optimal_utility, 1e-15);
}

TEST_F(ContractEngineTest, ServesTheExactMenuBelowTheFloorAndSaysWhatThePolicyReached) {
  const auto answer = Generate(GoodRequest(), 1.0);
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->certificate.exact, ExactReason::kBelowFloor);
  ASSERT_TRUE(answer->certificate.policy_ratio.has_value());
  EXPECT_LT(*answer->certificate.policy_ratio, *answer->certificate.ratio);
  EXPECT_GT(*answer->certificate.ratio, 0.9999);
}

TEST_F(ContractEngineTest, ServesTheExactMenuOutsideTheRangesAndNamesTheField) {
  v1::GenerateContractRequest request = GoodRequest();
  request.mutable_screening()->set_value_rate(500.0);
  const auto answer = Generate(request, 0.0);
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->certificate.exact, ExactReason::kOutsideRanges);
  EXPECT_NE(answer->certificate.exact_text.find("value_rate"), std::string::npos) << answer->certificate.exact_text;
  EXPECT_FALSE(answer->certificate.policy_ratio.has_value());
}

TEST_F(ContractEngineTest, GivesNoRatioWhereTheOptimumIsNotPositive) {
  v1::GenerateContractRequest request = GoodRequest();
  request.mutable_screening()->set_value_scale(0.01);
  const auto answer = Generate(request, 0.0);
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->certificate.exact, ExactReason::kOptimumNotPositive);
  EXPECT_LE(answer->certificate.optimal_utility, 0.0);
  EXPECT_FALSE(answer->certificate.ratio.has_value());
}

TEST_F(ContractEngineTest, ServesOneTypeAloneWhereThatPays) {
  v1::GenerateContractRequest request = GoodRequest();
  v1::ScreeningMarket& market = *request.mutable_screening();
  market.clear_cost_types();
  market.clear_probabilities();
  for (const double theta : {0.1, 5.0}) market.add_cost_types(theta);
  for (const double p : {0.95, 0.05}) market.add_probabilities(p);
  market.set_allow_exclusion(true);
  const auto answer = Generate(request, 0.0);
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->certificate.exact, ExactReason::kSingleType);
  EXPECT_EQ(answer->menu.size(), 1);
  EXPECT_NEAR(answer->certificate.audit.realised.participation, 0.95, 1e-12);
}

TEST_F(ContractEngineTest, MoreSamplesAreNeverWorse) {
  const auto one = Generate(GoodRequest(), 0.0, 1);
  const auto many = Generate(GoodRequest(), 0.0, 64);
  ASSERT_TRUE(one.ok() && many.ok());
  EXPECT_GE(*many->certificate.ratio, *one->certificate.ratio - 1e-6);
}

TEST_F(ContractEngineTest, SameSeedSameMenu) {
  const auto first = Generate(GoodRequest(), 0.0);
  const auto second = Generate(GoodRequest(), 0.0);
  v1::GenerateContractRequest other = GoodRequest();
  other.set_seed(2);
  const auto third = Generate(other, 0.0);
  ASSERT_TRUE(first.ok() && second.ok() && third.ok());
  bool differs = false;
  for (int k = 0; k < first->menu.size(); ++k) {
    EXPECT_EQ(first->menu[k], second->menu[k]);
    differs = differs || first->menu[k] != third->menu[k];
  }
  EXPECT_TRUE(differs);
}

TEST_F(ContractEngineTest, StopsWhenCancelled) {
  const auto market = rpc::MarketFrom(GoodRequest().screening());
  const auto answer = ContractEngine({.floor = 0.0}).Generate(*bundle_, *market, {4096, 1}, [] { return true; });
  EXPECT_EQ(answer.status().code(), absl::StatusCode::kCancelled);
}

}  // namespace
}  // namespace giot::engine
