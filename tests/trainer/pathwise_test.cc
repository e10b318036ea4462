#include "trainer/pathwise.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "trainer/validation.h"

namespace giot::trainer {
namespace {

PathwiseConfig SmallConfig() {
  PathwiseConfig config;
  config.policy.hidden = 16;
  config.policy.steps = 2;
  config.markets.types_max = 6;
  config.batch = 32;
  config.iterations = 150;
  config.warmup = 10;
  config.ema_decay = 0.9;
  return config;
}

TEST(PathwiseTest, TrainingImprovesHeldOutUtility) {
  PathwiseTrainer trainer(SmallConfig(), torch::kCPU);
  const Validation validation(SmallConfig().markets, 100, 9, torch::kCPU);
  const double before = validation.Measure(trainer.averaged_policy())[0].value;
  while (!trainer.done()) ASSERT_TRUE(trainer.Step(false).ok());
  const double after = validation.Measure(trainer.averaged_policy())[0].value;
  EXPECT_LT(before, 0.95);
  EXPECT_GT(after, 0.97);
}

TEST(PathwiseTest, SameSeedSameSteps) {
  PathwiseTrainer first(SmallConfig(), torch::kCPU);
  PathwiseTrainer second(SmallConfig(), torch::kCPU);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(first.Step(true)->loss, second.Step(true)->loss);
}

TEST(PathwiseTest, ANonFiniteWeightStopsWithADiagnosisAndNoStep) {
  PathwiseConfig poisoned = SmallConfig();
  poisoned.learning_rate = std::numeric_limits<double>::infinity();
  poisoned.warmup = 0;
  PathwiseTrainer diverging(poisoned, torch::kCPU);
  absl::Status status;
  for (int i = 0; i < 5 && status.ok(); ++i) status = diverging.Step(true).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kOutOfRange);
  EXPECT_NE(status.message().find("not finite"), absl::string_view::npos);
  EXPECT_EQ(diverging.iteration(), 1);
}

TEST(PathwiseTest, LearningRateWarmsUpAndThenFallsToZero) {
  PathwiseConfig config = SmallConfig();
  config.iterations = 20;
  config.warmup = 10;
  PathwiseTrainer trainer(config, torch::kCPU);
  std::vector<double> rates;
  while (!trainer.done()) rates.push_back(trainer.Step(true)->learning_rate);
  EXPECT_NEAR(rates[0], 0.1 * config.learning_rate, 1e-12);
  EXPECT_NEAR(rates[9], config.learning_rate, 1e-12);
  // Cosine over ten steps: half way down after five, (1 + cos(.9 pi)) / 2 at the last.
  EXPECT_NEAR(rates[15], 0.5 * config.learning_rate, 1e-12);
  EXPECT_NEAR(rates[19], 0.0244717 * config.learning_rate, 1e-8);
}

}  // namespace
}  // namespace giot::trainer
