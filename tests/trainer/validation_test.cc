#include "trainer/validation.h"

#include <gtest/gtest.h>

namespace giot::trainer {
namespace {

policy::DiffusionPolicy SmallPolicy() {
  torch::manual_seed(1);
  return policy::DiffusionPolicy(policy::PolicyConfig{8, 2});
}

TEST(Validation, IsTheSameForTheSameSeed) {
  const policy::DiffusionPolicy policy = SmallPolicy();
  const Scalars first = Validation({}, 50, 3, torch::kCPU).Measure(policy);
  const Scalars second = Validation({}, 50, 3, torch::kCPU).Measure(policy);
  ASSERT_EQ(first.size(), 3u);
  for (std::size_t i = 0; i < first.size(); ++i) EXPECT_EQ(first[i].value, second[i].value);
}

TEST(Validation, DoesNotDisturbTheGeneratorOfTraining) {
  const policy::DiffusionPolicy policy = SmallPolicy();
  const Validation validation({}, 20, 3, torch::kCPU);
  torch::manual_seed(9);
  const float expected = torch::rand({1}).item<float>();
  torch::manual_seed(9);
  validation.Measure(policy);
  EXPECT_EQ(torch::rand({1}).item<float>(), expected);
}

TEST(Validation, NeverFindsMoreThanTheOptimum) {
  const Scalars scalars = Validation({}, 200, 4, torch::kCPU).Measure(SmallPolicy());
  EXPECT_EQ(scalars[0].name, "validation_mean");
  EXPECT_LE(scalars[0].value, 1.0);
  EXPECT_LE(scalars[1].value, scalars[0].value);  // 1st percentile
  EXPECT_LE(scalars[2].value, scalars[1].value);  // minimum
}

TEST(Validation, HasNoFiguresWhereNoMarketIsWorthServing) {
  contract::MarketDistribution worthless;
  worthless.value_scale_min = worthless.value_scale_max = 1e-5;
  EXPECT_TRUE(Validation(worthless, 5, 1, torch::kCPU).Measure(SmallPolicy()).empty());
}

}  // namespace
}  // namespace giot::trainer
