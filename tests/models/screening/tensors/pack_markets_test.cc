#include "models/screening/tensors/pack_markets.h"

#include "gtest/gtest.h"
#include "models/policy/virtual_costs.h"
#include "models/screening/tensors/features.h"
#include "tests/models/screening/tensors/sampled_markets.h"

namespace giot::screening {
namespace {

using policy::MarketBatch;

contract::ScreeningMarket TwoTypes(std::optional<double> budget) {
  static constexpr double kTheta[] = {1.0, 2.0};
  static constexpr double kShare[] = {0.25, 0.75};
  contract::ScreeningMarketSpec spec;
  spec.cost_types = kTheta;
  spec.probabilities = kShare;
  spec.value_scale = 3.0;
  spec.value_rate = 10.0;
  spec.cost_curvature = 0.5;
  spec.quality_min = 0.1;
  spec.budget = budget;
  return *contract::ScreeningMarket::Create(spec);
}

TEST(PackMarketsTest, DividesMoneyByTheCostliestType) {
  const contract::ScreeningMarket market = TwoTypes(0.5);
  const MarketBatch batch = PackMarkets({&market, 1}, torch::kCPU, 3);
  EXPECT_TRUE(torch::equal(batch.cost_types, torch::tensor({{0.5F, 1.0F, 1.0F}})));
  EXPECT_TRUE(torch::equal(batch.probabilities, torch::tensor({{0.25F, 0.75F, 0.0F}})));
  EXPECT_TRUE(torch::equal(batch.mask, torch::tensor({{1.0F, 1.0F, 0.0F}})));
  EXPECT_TRUE(torch::allclose(batch.globals, torch::tensor({{1.5F, 10.0F, 0.5F, 0.1F, 1.0F, 1.0F, 0.25F}})));
}

TEST(PackMarketsTest, ABudgetThatBuysTheHighestQualityFromEverybodyCountsAsNone) {
  const contract::ScreeningMarket market = TwoTypes(2.0 * 1.25 + 1e-9);
  const MarketBatch batch = PackMarkets({&market, 1}, torch::kCPU);
  EXPECT_EQ(batch.global(kHasBudget).item<float>(), 0.0F);
  EXPECT_EQ(batch.global(kBudget).item<float>(), 0.0F);
}

TEST(VirtualCostsTest, AddTheInformationRentOfCheaperTypes) {
  const contract::ScreeningMarket market = TwoTypes(std::nullopt);
  const MarketBatch batch = PackMarkets({&market, 1}, torch::kCPU, 3);
  // phi_2 = 1 + (.25 / .75) (1 - .5)
  EXPECT_TRUE(torch::allclose(policy::VirtualCosts(batch), torch::tensor({{0.5F, 1.0F + 0.5F / 3.0F, 1.0F}})));
}

TEST(FeaturesTest, AreFiniteAndVanishOnPadding) {
  const MarketBatch batch = PackMarkets(SampleMarkets(200, 6), torch::kCPU);
  const policy::Features features = ComputeFeatures(batch);
  EXPECT_TRUE(torch::isfinite(features.types).all().item<bool>());
  EXPECT_TRUE(torch::isfinite(features.globals).all().item<bool>());
  EXPECT_EQ((features.types * (1 - batch.mask).unsqueeze(2)).abs().sum().item<float>(), 0.0F);
}

TEST(FeaturesTest, PlainOnesAreThoseOfAMarketWhoseVirtualCostsAreItsCosts) {
  const MarketBatch batch = PackMarkets(SampleMarkets(50, 6), torch::kCPU);
  const policy::Features seen = ComputeFeatures(batch);
  const policy::Features plain = ComputeFeatures(batch, SeenCosts::kPlain);
  const torch::Tensor omega = batch.global(kValueScale);
  EXPECT_TRUE(torch::allclose(plain.types.select(2, 5), (batch.cost_types / omega).log() * batch.mask));
  EXPECT_GT((plain.types - seen.types).abs().select(2, 5).max().item<float>(), 0.1F);
  EXPECT_EQ((plain.types - seen.types).abs().sum().item<float>(),
            (plain.types - seen.types).abs().select(2, 5).sum().item<float>());
  EXPECT_TRUE(torch::equal(plain.globals, seen.globals));
  const torch::Tensor levels = torch::zeros_like(batch.mask);
  const auto with = ProposalFeatures(batch, seen.reused[0], seen.reused[1], levels, levels);
  const auto without = ProposalFeatures(batch, plain.reused[0], plain.reused[1], levels, levels);
  // Noisy level, proposal, decoded level and pressure say nothing of virtual costs.
  for (const std::int64_t column : {0, 1, 2, 6}) {
    EXPECT_TRUE(torch::equal(with.select(2, column), without.select(2, column))) << column;
  }
  for (const std::int64_t column : {3, 4, 5}) {
    EXPECT_GT((with - without).abs().select(2, column).max().item<float>(), 0.1F) << column;
  }
}

TEST(FeaturesTest, MarginVanishesWhereMarginalValueEqualsMarginalVirtualCost) {
  const contract::ScreeningMarket market = TwoTypes(std::nullopt);
  const MarketBatch batch = PackMarkets({&market, 1}, torch::kCPU);
  const auto phi = policy::VirtualCosts(batch);
  // Bisection on omega a / ((1 + a q)(1 + kappa q)) = phi_2, normalised.
  double low = 0.1, high = 1.0;
  for (int i = 0; i < 60; ++i) {
    const double middle = 0.5 * (low + high);
    (15.0 / ((1 + 10 * middle) * (1 + 0.5 * middle)) > phi[0][1].item<double>() ? low : high) = middle;
  }
  const double q = low;
  const auto level = torch::full({1, 2}, 2 * (q - 0.1) / 0.9 - 1, torch::kFloat32);
  const auto proposal = ProposalFeatures(batch, phi, phi, level, level);
  EXPECT_NEAR(proposal[0][1][3].item<float>(), 0.0F, 1e-4F);
}

}  // namespace
}  // namespace giot::screening
