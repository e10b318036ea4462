#include "models/policy/diffusion_policy.h"

#include "gtest/gtest.h"
#include "models/screening/tensors/environment.h"
#include "models/screening/tensors/pack_markets.h"
#include "tests/models/screening/tensors/sampled_markets.h"

namespace giot::screening {
namespace {

using policy::MarketBatch;

constexpr policy::PolicyConfig kSmall{.hidden = 16, .steps = 3};

policy::DiffusionPolicy RandomPolicy(const policy::PolicyConfig& config) {
  torch::manual_seed(7);
  return policy::DiffusionPolicy(config, MakeEnvironment());
}

torch::Tensor NoiseFor(const MarketBatch& markets, int steps) {
  torch::manual_seed(8);
  return torch::randn({markets.size(), steps, markets.types()});
}

TEST(DiffusionPolicyTest, LevelsLieInRangeAndVanishOnPadding) {
  const MarketBatch markets = PackMarkets(SampleMarkets(64, 1), torch::kCPU);
  const auto levels = RandomPolicy(kSmall)->forward(markets, 10 * NoiseFor(markets, kSmall.steps));
  EXPECT_LE(levels.abs().max().item<float>(), 1.0F);
  EXPECT_EQ((levels * (1 - markets.mask)).abs().max().item<float>(), 0.0F);
}

TEST(DiffusionPolicyTest, PaddingDoesNotChangeTheLevels) {
  contract::MarketDistribution five_types;
  five_types.types_min = five_types.types_max = 5;
  const auto sampled = SampleMarkets(32, 2, five_types);
  const MarketBatch tight = PackMarkets(sampled, torch::kCPU);
  const MarketBatch padded = PackMarkets(sampled, torch::kCPU, contract::kMaxTypes);
  const auto noise = NoiseFor(padded, kSmall.steps);
  policy::DiffusionPolicy policy = RandomPolicy(kSmall);
  const auto wanted = policy->forward(tight, noise.narrow(2, 0, 5));
  const auto got = policy->forward(padded, noise).narrow(1, 0, 5);
  EXPECT_TRUE(torch::allclose(got, wanted, 1e-5, 1e-5));
}

TEST(DiffusionPolicyTest, EachMarketIsAnsweredIndependentlyOfItsBatch) {
  const auto sampled = SampleMarkets(16, 3);
  const MarketBatch all = PackMarkets(sampled, torch::kCPU, contract::kMaxTypes);
  const auto noise = NoiseFor(all, kSmall.steps);
  policy::DiffusionPolicy policy = RandomPolicy(kSmall);
  const auto together = policy->forward(all, noise);
  const auto alone = policy->forward(policy::Narrow(all, 9, 1), noise.narrow(0, 9, 1));
  EXPECT_TRUE(torch::allclose(together.narrow(0, 9, 1), alone, 1e-5, 1e-5));
}

TEST(DiffusionPolicyTest, AHardClampGivesTheSameLevelsButHoldsSaturatedOnesForever) {
  const MarketBatch markets = PackMarkets(SampleMarkets(8, 5), torch::kCPU);
  policy::PolicyConfig hard_config = kSmall;
  hard_config.projected_clamp = false;
  policy::DiffusionPolicy projected = RandomPolicy(kSmall);
  policy::DiffusionPolicy hard = RandomPolicy(hard_config);
  std::vector<torch::Tensor> gradients;
  for (policy::DiffusionPolicy policy : {projected, hard}) {
    torch::Tensor bias = policy->named_parameters()["out.bias"];
    {
      const torch::NoGradGuard no_grad;
      bias.fill_(50);  // Every level ends at 1.
    }
    const torch::Tensor levels = policy->forward(markets, NoiseFor(markets, kSmall.steps));
    EXPECT_TRUE(torch::equal(levels, markets.mask));
    // Descent would lower them.
    levels.sum().backward();
    gradients.push_back(bias.grad());
  }
  EXPECT_GT(gradients[0].item<float>(), 1.0F);
  EXPECT_EQ(gradients[1].item<float>(), 0.0F);
}

TEST(DiffusionPolicyTest, EveryParameterReceivesAGradient) {
  const MarketBatch markets = PackMarkets(SampleMarkets(64, 4), torch::kCPU);
  policy::DiffusionPolicy policy = RandomPolicy(kSmall);
  policy->forward(markets, NoiseFor(markets, kSmall.steps)).square().sum().backward();
  for (const auto& parameter : policy->named_parameters()) {
    ASSERT_TRUE(parameter.value().grad().defined()) << parameter.key();
    EXPECT_GT(parameter.value().grad().abs().sum().item<float>(), 0.0F) << parameter.key();
    EXPECT_TRUE(torch::isfinite(parameter.value().grad()).all().item<bool>()) << parameter.key();
  }
}

TEST(DiffusionPolicyTest, DifferentNoiseGivesDifferentLevels) {
  const MarketBatch markets = PackMarkets(SampleMarkets(8, 5), torch::kCPU);
  policy::DiffusionPolicy policy = RandomPolicy(kSmall);
  const auto noise = NoiseFor(markets, kSmall.steps);
  EXPECT_FALSE(torch::allclose(policy->forward(markets, noise), policy->forward(markets, -noise)));
}

}  // namespace
}  // namespace giot::screening
