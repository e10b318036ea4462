// What every learning algorithm must do, whatever its recipe.

#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <memory>
#include <sstream>
#include <string>

#include "tests/trainer/learning/target_environment.h"
#include "trainer/learning/diffusion_critic.h"
#include "trainer/learning/pathwise.h"
#include "trainer/learning/ppo.h"
#include "trainer/learning/sac.h"
#include "trainer/learning/supervised_diffusion.h"
#include "trainer/validation.h"

namespace giot::trainer {
namespace {

// An algorithm made small, and how good it then must become.
struct Contender {
  std::string name;
  std::function<std::unique_ptr<Algorithm>(const OptimizationConfig&)> make;
  OptimizationConfig optimization;
  double reaches;  // Mean share of the best reward on held-out markets.
};

std::shared_ptr<const policy::Environment> Target() { return std::make_shared<const TargetEnvironment>(); }

constexpr policy::PolicyConfig kSmallPolicy = {.hidden = 16, .steps = 2};

std::unique_ptr<Algorithm> MakePathwise(const OptimizationConfig& how) {
  return std::make_unique<PathwiseTrainer>(PathwiseConfig{kSmallPolicy, how}, Target(), torch::kCPU);
}

std::unique_ptr<Algorithm> MakeSupervised(const OptimizationConfig& how) {
  const SupervisedDiffusionConfig config = {.policy = kSmallPolicy, .optimization = how, .pool = 5000};
  return std::make_unique<SupervisedDiffusionTrainer>(config, Target(), TargetEnvironment::Best, torch::kCPU);
}

std::unique_ptr<Algorithm> MakeDiffusionCritic(const OptimizationConfig& how) {
  const DiffusionCriticConfig config = {.policy = kSmallPolicy,
                                        .optimization = how,
                                        .critic_learning_rate = 5e-3,
                                        .critic_hidden = 32,
                                        .simulated = 64,
                                        .random_first = 1000,
                                        .buffer = 2000,
                                        .exploration = 0.3};
  return std::make_unique<DiffusionCriticTrainer>(config, Target(), torch::kCPU);
}

std::unique_ptr<Algorithm> MakePpo(const OptimizationConfig& how) {
  const PpoConfig config = {.optimization = how, .hidden = 16, .rollout = 512, .epochs = 4};
  return std::make_unique<PpoTrainer>(config, Target(), torch::kCPU);
}

std::unique_ptr<Algorithm> MakeSac(const OptimizationConfig& how) {
  const SacConfig config = {.optimization = how,
                            .hidden = 16,
                            .critic_hidden = 32,
                            .simulated = 64,
                            .random_first = 1000,
                            .buffer = 2000,
                            .level_entropy = -2.0};
  return std::make_unique<SacTrainer>(config, Target(), torch::kCPU);
}

OptimizationConfig How(std::int64_t iterations, std::int64_t batch, double learning_rate) {
  return {.iterations = iterations, .batch = batch, .learning_rate = learning_rate, .warmup = 5, .ema_decay = 0.9};
}

class AlgorithmsTest : public testing::TestWithParam<Contender> {
 protected:
  static std::unique_ptr<Algorithm> Make() { return GetParam().make(GetParam().optimization); }
};

std::string SavedBy(const Algorithm& algorithm) {
  torch::serialize::OutputArchive archive;
  algorithm.SaveTo(archive);
  std::stringstream bytes;
  archive.save_to(bytes);
  return bytes.str();
}

absl::Status Restore(const std::string& saved, Algorithm& algorithm) {
  std::stringstream bytes(saved);
  torch::serialize::InputArchive archive;
  archive.load_from(bytes);
  return algorithm.LoadFrom(archive);
}

torch::Tensor AnswerOf(const Algorithm& algorithm) {
  torch::manual_seed(77);
  const policy::MarketBatch markets = TargetEnvironment().Generate(5, torch::kCPU);
  return algorithm.Answer(markets, torch::randn({5, algorithm.noise_steps(), 6}));
}

void TakeSteps(int count, Algorithm& algorithm) {
  for (int i = 0; i < count; ++i) ASSERT_TRUE(algorithm.Step(false).ok());
}

TEST_P(AlgorithmsTest, ComesNearTheOptimum) {
  const std::unique_ptr<Algorithm> algorithm = Make();
  const Validation validation(TargetEnvironment(), 200, 9, torch::kCPU);
  EXPECT_LT(validation.Measure(*algorithm)[0].value, 0.85);
  while (algorithm->iteration() < algorithm->iterations()) ASSERT_TRUE(algorithm->Step(false).ok());
  EXPECT_GT(validation.Measure(*algorithm)[0].value, GetParam().reaches);
}

TEST(SupervisedDiffusionTest, SolvesThePoolOnceAndOnlyToTakeSteps) {
  int solved = 0;
  const TargetSource counted = [&](const policy::MarketBatch& markets) {
    ++solved;
    return TargetEnvironment::Best(markets);
  };
  const SupervisedDiffusionConfig config = {.policy = kSmallPolicy, .optimization = How(5, 8, 1e-2), .pool = 50};
  SupervisedDiffusionTrainer trained(config, Target(), counted, torch::kCPU);
  TakeSteps(3, trained);
  EXPECT_EQ(solved, 1);
  SupervisedDiffusionTrainer read(config, Target(), counted, torch::kCPU);
  ASSERT_TRUE(Restore(SavedBy(trained), read).ok());
  EXPECT_TRUE(torch::equal(AnswerOf(read), AnswerOf(trained)));
  EXPECT_EQ(solved, 1);
}

TEST_P(AlgorithmsTest, SameSeedSameStepsAndAnotherSeedOthers) {
  const std::unique_ptr<Algorithm> first = Make();
  const std::unique_ptr<Algorithm> second = Make();
  OptimizationConfig reseeded = GetParam().optimization;
  reseeded.seed = 2;
  const std::unique_ptr<Algorithm> other = GetParam().make(reseeded);
  for (int i = 0; i < 3; ++i) {
    const double metric = first->Step(true)->at(0).value;
    EXPECT_EQ(metric, second->Step(true)->at(0).value);
    EXPECT_NE(metric, other->Step(true)->at(0).value);
  }
  EXPECT_TRUE(torch::equal(AnswerOf(*first), AnswerOf(*second)));
}

TEST_P(AlgorithmsTest, AResumedRunContinuesBitForBit) {
  const std::unique_ptr<Algorithm> straight = Make();
  TakeSteps(4, *straight);
  const std::string saved = SavedBy(*straight);
  const std::unique_ptr<Algorithm> resumed = Make();
  TakeSteps(1, *resumed);
  ASSERT_TRUE(Restore(saved, *resumed).ok());
  EXPECT_EQ(resumed->iteration(), 4);
  TakeSteps(3, *straight);
  TakeSteps(3, *resumed);
  EXPECT_TRUE(torch::equal(AnswerOf(*straight), AnswerOf(*resumed)));
  const absl::StatusOr<Scalars> expected = straight->Step(true);
  const absl::StatusOr<Scalars> got = resumed->Step(true);
  for (std::size_t i = 0; i < expected->size(); ++i) {
    EXPECT_EQ(expected->at(i).value, got->at(i).value) << expected->at(i).name;
  }
}

TEST_P(AlgorithmsTest, ACheckpointOfOtherSettingsIsRefused) {
  const std::string saved = SavedBy(*Make());
  OptimizationConfig changed = GetParam().optimization;
  changed.learning_rate *= 2;
  const std::unique_ptr<Algorithm> other = GetParam().make(changed);
  EXPECT_EQ(Restore(saved, *other).code(), absl::StatusCode::kInvalidArgument);
}

TEST_P(AlgorithmsTest, AnInfiniteRateStopsWithADiagnosisAndDoesNotCount) {
  OptimizationConfig poisoned = GetParam().optimization;
  poisoned.learning_rate = std::numeric_limits<double>::infinity();
  poisoned.warmup = 0;
  const std::unique_ptr<Algorithm> diverging = GetParam().make(poisoned);
  absl::Status status;
  std::int64_t taken = 0;
  while (taken < 5 && (status = diverging->Step(true).status()).ok()) ++taken;
  EXPECT_EQ(status.code(), absl::StatusCode::kOutOfRange);
  EXPECT_NE(status.message().find("not finite"), absl::string_view::npos);
  EXPECT_EQ(diverging->iteration(), taken);
}

TEST_P(AlgorithmsTest, LevelsAreInRangeAndZeroOnPadding) {
  const std::unique_ptr<Algorithm> algorithm = Make();
  TakeSteps(2, *algorithm);
  torch::manual_seed(3);
  const policy::MarketBatch markets = TargetEnvironment().Generate(50, torch::kCPU);
  const torch::Tensor levels = algorithm->Answer(markets, torch::randn({50, algorithm->noise_steps(), 6}));
  EXPECT_EQ(levels.sizes(), (std::vector<std::int64_t>{50, 6}));
  EXPECT_LE(levels.abs().max().item<float>(), 1.0F);
  EXPECT_EQ((levels * (1 - markets.mask.repeat({1, 2}))).abs().max().item<float>(), 0.0F);
  EXPECT_FALSE(levels.requires_grad());
}

INSTANTIATE_TEST_SUITE_P(All, AlgorithmsTest,
                         testing::Values(Contender{"Pathwise", MakePathwise, How(150, 64, 1e-2), 0.995},
                                         Contender{"SupervisedDiffusion", MakeSupervised, How(150, 64, 1e-2), 0.995},
                                         Contender{"DiffusionCritic", MakeDiffusionCritic, How(1000, 128, 5e-3), 0.98},
                                         Contender{"Ppo", MakePpo, How(50, 128, 3e-3), 0.98},
                                         Contender{"Sac", MakeSac, How(900, 128, 5e-3), 0.98}),
                         [](const testing::TestParamInfo<Contender>& contender) { return contender.param.name; });

}  // namespace
}  // namespace giot::trainer
