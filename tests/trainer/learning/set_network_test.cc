#include "trainer/learning/set_network.h"

#include <gtest/gtest.h>

#include "tests/trainer/learning/target_environment.h"
#include "trainer/learning/adam.h"
#include "trainer/learning/replay_buffer.h"

namespace giot::trainer {
namespace {

using policy::Features;
using policy::MarketBatch;

// Two real types and one padding, then the same market with its real types swapped.
MarketBatch AMarketAndItsMirror() {
  const torch::Tensor mask = torch::tensor({1.0F, 1.0F, 0.0F}).expand({2, 3}).clone();
  return {torch::tensor({{0.2F, 0.9F, 0.5F}, {0.9F, 0.2F, 0.4F}}),
          torch::tensor({{0.3F, 0.7F, 0.0F}, {0.7F, 0.3F, 0.0F}}), mask, torch::full({2, 1}, 0.6F)};
}

TEST(SetNetworkTest, NumbersFollowTheirTypesAndChannelsComeOneAfterAnother) {
  torch::manual_seed(1);
  LevelNetwork network(TargetEnvironment().shape(), /*channels=*/2, /*hidden=*/8);
  const MarketBatch markets = AMarketAndItsMirror();
  const torch::Tensor numbers = network->forward(markets, TargetEnvironment().Observe(markets));
  ASSERT_EQ(numbers.sizes(), (std::vector<std::int64_t>{2, 6}));
  for (const int channel : {0, 3}) {
    EXPECT_NEAR(numbers[0][channel].item<float>(), numbers[1][channel + 1].item<float>(), 1e-6F);
    EXPECT_NEAR(numbers[0][channel + 1].item<float>(), numbers[1][channel].item<float>(), 1e-6F);
    EXPECT_EQ(numbers[0][channel + 2].item<float>(), 0.0F);
  }
  EXPECT_GT((numbers[0][0] - numbers[0][3]).abs().item<float>(), 1e-3F);
}

TEST(SetNetworkTest, ACriticIgnoresPaddingAndTheOrderOfTypes) {
  torch::manual_seed(1);
  TwinCritic critic(TargetEnvironment().shape(), 8);
  const MarketBatch markets = AMarketAndItsMirror();
  const torch::Tensor levels =
      torch::tensor({{0.1F, 0.5F, 0.0F, -0.2F, 0.8F, 0.0F}, {0.5F, 0.1F, 0.9F, 0.8F, -0.2F, 0.9F}});
  const torch::Tensor least = critic->Least(markets, TargetEnvironment().Observe(markets), levels);
  ASSERT_EQ(least.sizes(), (std::vector<std::int64_t>{2}));
  EXPECT_NEAR(least[0].item<float>(), least[1].item<float>(), 1e-6F);
}

TEST(TwinCriticTest, LeastIsNoMoreThanEitherEstimate) {
  torch::manual_seed(5);
  TwinCritic critic(TargetEnvironment().shape(), 8);
  const Experience experience = UniformExperience(TargetEnvironment(), 64, torch::kCPU);
  const Features features = TargetEnvironment().Observe(experience.markets);
  const torch::Tensor least = critic->Least(experience.markets, features, experience.levels);
  // With m the lower of the two, raising a goal from m by d changes the loss by
  // 2 d^2 - 2 d mean |Q1 - Q2|; the upper one or their mean would make it 2 d^2 or more.
  const torch::Tensor at_least = critic->RegressionLoss(experience.markets, features, experience.levels, least);
  const torch::Tensor above = critic->RegressionLoss(experience.markets, features, experience.levels, least + 0.1);
  const double mean_gap = at_least.sqrt().item<double>();  // Root mean square, an upper bound of the mean.
  EXPECT_LT((above - at_least).item<double>(), 0.019);
  EXPECT_GT((above - at_least).item<double>(), 0.02 - 0.2 * mean_gap);
}

TEST(TwinCriticTest, RegressionFindsTheRewardOfLevelsItHasNotSeen) {
  torch::manual_seed(6);
  const TargetEnvironment environment;
  TwinCritic critic(environment.shape(), 32);
  Adam optimizer(critic->parameters(), {.learning_rate = 5e-3});
  for (int i = 0; i < 300; ++i) {
    const Experience seen = UniformExperience(environment, 128, torch::kCPU);
    const Features features = environment.Observe(seen.markets);
    optimizer.Differentiate(critic->RegressionLoss(seen.markets, features, seen.levels, seen.rewards));
    optimizer.Step();
  }
  const Experience unseen = UniformExperience(environment, 500, torch::kCPU);
  const torch::NoGradGuard no_grad;
  const torch::Tensor estimates = critic->Least(unseen.markets, environment.Observe(unseen.markets), unseen.levels);
  const double error = (estimates - unseen.rewards).square().mean().item<double>();
  const double variance = unseen.rewards.var().item<double>();
  EXPECT_LT(error, 0.1 * variance);
}

}  // namespace
}  // namespace giot::trainer
