#include "models/screening/tensors/market_generator.h"

#include <gtest/gtest.h>

#include <random>

#include "models/screening/tensors/pack_markets.h"

namespace giot::screening {
namespace {

using policy::MarketBatch;

// Mean over the batch of a [B, 1] or [B] tensor.
double MeanOf(const torch::Tensor& values) { return values.to(torch::kFloat64).mean().item<double>(); }

policy::MarketBatch SampledByContract(const contract::MarketDistribution& distribution, int count) {
  std::mt19937_64 random(4);
  std::vector<contract::ScreeningMarket> markets;
  for (int i = 0; i < count; ++i) markets.push_back(contract::SampleMarket(distribution, random));
  return PackMarkets(markets, torch::kCPU, distribution.types_max);
}

TEST(MarketGeneratorTest, MarketsAreValid) {
  torch::manual_seed(1);
  const policy::MarketBatch batch = GenerateMarkets({}, 500, torch::kCPU);
  EXPECT_EQ(batch.types(), contract::kMaxTypes);
  const torch::Tensor sums = (batch.probabilities * batch.mask).sum(1);
  EXPECT_LT((sums - 1).abs().max().item<float>(), 1e-5f);
  const torch::Tensor steps =
      (batch.cost_types.slice(1, 1) - batch.cost_types.slice(1, 0, -1)) * batch.mask.slice(1, 1);
  EXPECT_GE(steps.min().item<float>(), 0.0f);
  EXPECT_NEAR(MeanOf(batch.cost_types.amax(1)), 1.0, 1e-6);
}

// Two implementations of one distribution: their moments agree within six
// standard errors of 20,000 markets.
TEST(MarketGeneratorTest, TheDistributionIsThatOfSampleMarket) {
  constexpr int kCount = 20'000;
  torch::manual_seed(2);
  const MarketBatch ours = GenerateMarkets({}, kCount, torch::kCPU);
  const policy::MarketBatch theirs = SampledByContract({}, kCount);
  const auto compare = [](const char* name, const torch::Tensor& a, const torch::Tensor& b) {
    const double deviation = b.to(torch::kFloat64).std().item<double>() * std::sqrt(2.0 / kCount);
    EXPECT_NEAR(MeanOf(a), MeanOf(b), 6 * deviation + 1e-6) << name;
    const double spread = a.to(torch::kFloat64).std().item<double>() / b.to(torch::kFloat64).std().item<double>();
    EXPECT_NEAR(spread, 1.0, 0.05) << name;
  };
  compare("types", ours.mask.sum(1), theirs.mask.sum(1));
  compare("theta_1", ours.cost_types.select(1, 0), theirs.cost_types.select(1, 0));
  compare("theta_2", ours.cost_types.select(1, 1), theirs.cost_types.select(1, 1));
  compare("p_1", ours.probabilities.select(1, 0), theirs.probabilities.select(1, 0));
  compare("p_2", ours.probabilities.select(1, 1), theirs.probabilities.select(1, 1));
  for (const contract::ScreeningColumn column :
       {kValueScale, kValueRate, kCostCurvature, kQualityMin, kHasBudget, kBudget}) {
    compare("global", ours.global(column), theirs.global(column));
  }
}

}  // namespace
}  // namespace giot::screening
