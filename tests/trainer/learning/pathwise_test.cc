#include "trainer/learning/pathwise.h"

#include <ATen/record_function.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <limits>
#include <sstream>
#include <string>

#include "models/policy/tensor_form.h"
#include "models/screening/tensors/environment.h"
#include "trainer/validation.h"

namespace giot::trainer {
namespace {

PathwiseConfig SmallConfig() {
  PathwiseConfig config;
  config.policy.hidden = 16;
  config.policy.steps = 2;
  config.optimization.batch = 32;
  config.optimization.iterations = 150;
  config.optimization.warmup = 10;
  config.optimization.ema_decay = 0.9;
  return config;
}

std::shared_ptr<const policy::Environment> SmallEnvironment() {
  contract::MarketDistribution markets;
  markets.types_max = 6;
  return screening::MakeEnvironment(markets);
}

TEST(PathwiseTest, TrainingImprovesHeldOutUtility) {
  PathwiseTrainer trainer(SmallConfig(), SmallEnvironment(), torch::kCPU);
  const Validation validation(*SmallEnvironment(), 100, 9, torch::kCPU);
  const double before = validation.Measure(trainer)[0].value;
  while (trainer.iteration() < trainer.iterations()) ASSERT_TRUE(trainer.Step(false).ok());
  const double after = validation.Measure(trainer)[0].value;
  EXPECT_LT(before, 0.95);
  EXPECT_GT(after, 0.97);
}

TEST(PathwiseTest, SameSeedSameSteps) {
  PathwiseTrainer first(SmallConfig(), SmallEnvironment(), torch::kCPU);
  PathwiseTrainer second(SmallConfig(), SmallEnvironment(), torch::kCPU);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(first.Step(true)->at(0).value, second.Step(true)->at(0).value);
}

TEST(PathwiseTest, ANonFiniteWeightStopsWithADiagnosisAndNoStep) {
  PathwiseConfig poisoned = SmallConfig();
  poisoned.optimization.learning_rate = std::numeric_limits<double>::infinity();
  poisoned.optimization.warmup = 0;
  PathwiseTrainer diverging(poisoned, SmallEnvironment(), torch::kCPU);
  absl::Status status;
  for (int i = 0; i < 5 && status.ok(); ++i) status = diverging.Step(true).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kOutOfRange);
  EXPECT_NE(status.message().find("not finite"), absl::string_view::npos);
  EXPECT_EQ(diverging.iteration(), 1);
}

std::string SavedBy(const Algorithm& algorithm) {
  torch::serialize::OutputArchive archive;
  algorithm.SaveTo(archive);
  std::stringstream bytes;
  archive.save_to(bytes);
  return bytes.str();
}

absl::StatusCode CodeOfRestoring(const std::string& saved, Algorithm& algorithm) {
  std::stringstream bytes(saved);
  torch::serialize::InputArchive archive;
  archive.load_from(bytes);
  return algorithm.LoadFrom(archive).code();
}

TEST(PathwiseTest, ACheckpointKnowsWhichAblationItIsOf) {
  contract::MarketDistribution markets;
  markets.types_max = 6;
  PathwiseConfig clamped = SmallConfig();
  clamped.policy.projected_clamp = false;
  PathwiseTrainer plain(SmallConfig(), SmallEnvironment(), torch::kCPU);
  PathwiseTrainer hard(clamped, SmallEnvironment(), torch::kCPU);
  PathwiseTrainer unaided(SmallConfig(), screening::MakeEnvironment(markets, screening::SeenCosts::kPlain),
                          torch::kCPU);
  const std::string saved = SavedBy(plain);
  EXPECT_EQ(CodeOfRestoring(saved, plain), absl::StatusCode::kOk);
  EXPECT_EQ(CodeOfRestoring(saved, hard), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(CodeOfRestoring(saved, unaided), absl::StatusCode::kInvalidArgument);
}

// What accelerators run.
TEST(PathwiseTest, TensorFormsTakeTheSameSteps) {
  PathwiseTrainer kernels(SmallConfig(), SmallEnvironment(), torch::kCPU);
  PathwiseTrainer tensors(SmallConfig(), SmallEnvironment(), torch::kCPU);
  for (int i = 0; i < 5; ++i) {
    const double expected = kernels.Step(true)->at(0).value;
    const policy::TensorFormScope scope;
    EXPECT_NEAR(tensors.Step(true)->at(0).value, expected, 1e-4);
  }
}

std::atomic<int> host_reads = 0;

std::unique_ptr<at::ObserverContext> CountHostReads(const at::RecordFunction& function) {
  const std::string name = function.name();
  if (name == "aten::_local_scalar_dense" || name == "aten::nonzero" || name == "aten::equal") ++host_reads;
  return nullptr;
}

// On an accelerator each would be a synchronisation, and forbid capturing the step. The CPU
// looks at loss and norm, which an accelerator does only if metrics are wanted.
TEST(PathwiseTest, AStepReadsNothingBackButLossAndNorm) {
  PathwiseTrainer trainer(SmallConfig(), SmallEnvironment(), torch::kCPU);
  const policy::TensorFormScope scope;
  const auto callback = at::addGlobalCallback(at::RecordFunctionCallback(CountHostReads));
  host_reads = 0;
  torch::ones({1}).item<float>();
  EXPECT_EQ(host_reads, 1);
  EXPECT_TRUE(trainer.Step(false).ok());
  at::removeCallback(callback);
  // Each once to judge, once to report.
  EXPECT_EQ(host_reads, 1 + 4);
}

TEST(PathwiseTest, LearningRateWarmsUpAndThenFallsToZero) {
  PathwiseConfig config = SmallConfig();
  OptimizationConfig& how = config.optimization;
  how.iterations = 20;
  how.warmup = 10;
  PathwiseTrainer trainer(config, SmallEnvironment(), torch::kCPU);
  std::vector<double> rates;
  while (trainer.iteration() < trainer.iterations()) rates.push_back(trainer.Step(true)->at(2).value);
  EXPECT_NEAR(rates[0], 0.1 * how.learning_rate, 1e-12);
  EXPECT_NEAR(rates[9], how.learning_rate, 1e-12);
  // Cosine over ten steps: half way down after five, (1 + cos(.9 pi)) / 2 at the last.
  EXPECT_NEAR(rates[15], 0.5 * how.learning_rate, 1e-12);
  EXPECT_NEAR(rates[19], 0.0244717 * how.learning_rate, 1e-8);
}

}  // namespace
}  // namespace giot::trainer
