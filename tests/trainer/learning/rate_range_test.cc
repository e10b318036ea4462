#include "trainer/learning/rate_range.h"

#include <gtest/gtest.h>

#include <memory>

#include "tests/trainer/learning/target_environment.h"
#include "trainer/learning/pathwise.h"
#include "trainer/validation.h"

namespace giot::trainer {
namespace {

PathwiseConfig Small(std::int64_t iterations, double first_rate, double learning_rate) {
  PathwiseConfig config;
  config.policy = {.hidden = 16, .steps = 2};
  config.optimization = {
      .iterations = iterations, .batch = 64, .learning_rate = learning_rate, .warmup = 5, .ema_decay = 0.9};
  config.optimization.first_rate = first_rate;
  return config;
}

PathwiseTrainer MakeTrainer(const PathwiseConfig& config) {
  return PathwiseTrainer(config, std::make_shared<const TargetEnvironment>(), torch::kCPU);
}

double Learned(double learning_rate) {
  PathwiseTrainer trainer = MakeTrainer(Small(60, 0.0, learning_rate));
  while (trainer.iteration() < trainer.iterations()) EXPECT_TRUE(trainer.Step(false).ok());
  return Validation(TargetEnvironment(), 200, 9, torch::kCPU).Measure(trainer)[0].value;
}

TEST(RateRangeTest, RatesRiseGeometricallyFromTheFirstToTheLast) {
  PathwiseTrainer trainer = MakeTrainer(Small(5, 1e-4, 1e-2));
  const absl::StatusOr<RateRange> range = TestRates(trainer);
  ASSERT_TRUE(range.ok()) << range.status();
  ASSERT_EQ(range->samples.size(), 5U);
  EXPECT_NEAR(range->samples[0].rate, 1e-4, 1e-12);
  EXPECT_NEAR(range->samples[2].rate, 1e-3, 1e-12);
  EXPECT_NEAR(range->samples[4].rate, 1e-2, 1e-12);
}

TEST(RateRangeTest, TheSuggestedRateLearnsBetterThanOnesFarFromIt) {
  PathwiseTrainer trainer = MakeTrainer(Small(150, 1e-5, 10));
  const absl::StatusOr<RateRange> range = TestRates(trainer);
  ASSERT_TRUE(range.ok()) << range.status();
  const double learned = Learned(range->suggestion);
  EXPECT_GT(learned, 0.98);
  EXPECT_GT(learned, Learned(range->suggestion / 100));
  EXPECT_GT(learned, Learned(range->suggestion * 100));
}

TEST(RateRangeTest, RatesThatOnlyDoHarmAreSaidSo) {
  PathwiseTrainer trainer = MakeTrainer(Small(20, 1e20, 1e30));
  EXPECT_EQ(TestRates(trainer).status().code(), absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace giot::trainer
