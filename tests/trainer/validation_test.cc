#include "trainer/validation.h"

#include <gtest/gtest.h>

#include "models/screening/tensors/environment.h"
#include "trainer/learning/pathwise.h"

namespace giot::trainer {
namespace {

// Untrained.
PathwiseTrainer SmallAlgorithm() {
  return {{{.hidden = 8, .steps = 2}, {}}, screening::MakeEnvironment(), torch::kCPU};
}

TEST(Validation, IsTheSameForTheSameSeed) {
  const PathwiseTrainer algorithm = SmallAlgorithm();
  const Scalars first = Validation(*screening::MakeEnvironment(), 50, 3, torch::kCPU).Measure(algorithm);
  const Scalars second = Validation(*screening::MakeEnvironment(), 50, 3, torch::kCPU).Measure(algorithm);
  ASSERT_EQ(first.size(), 4u);
  for (std::size_t i = 0; i < first.size(); ++i) EXPECT_EQ(first[i].value, second[i].value);
}

TEST(Validation, DoesNotDisturbTheGeneratorOfTraining) {
  const PathwiseTrainer algorithm = SmallAlgorithm();
  const Validation validation(*screening::MakeEnvironment(), 20, 3, torch::kCPU);
  torch::manual_seed(9);
  const float expected = torch::rand({1}).item<float>();
  torch::manual_seed(9);
  validation.Measure(algorithm);
  EXPECT_EQ(torch::rand({1}).item<float>(), expected);
}

TEST(Validation, NeverFindsMoreThanTheOptimum) {
  const Scalars scalars = Validation(*screening::MakeEnvironment(), 200, 4, torch::kCPU).Measure(SmallAlgorithm());
  EXPECT_EQ(scalars[0].name, "validation_mean");
  EXPECT_LE(scalars[0].value, 1.0);
  EXPECT_LE(scalars[1].value, scalars[0].value);  // 1st percentile
  EXPECT_LE(scalars[2].value, scalars[1].value);  // minimum
}

TEST(Validation, HasNoFiguresWhereNoMarketIsWorthServing) {
  contract::MarketDistribution worthless;
  worthless.value_scale_min = worthless.value_scale_max = 1e-5;
  EXPECT_TRUE(Validation(*screening::MakeEnvironment(worthless), 5, 1, torch::kCPU).Measure(SmallAlgorithm()).empty());
}

}  // namespace
}  // namespace giot::trainer
