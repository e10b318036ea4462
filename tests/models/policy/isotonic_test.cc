#include "models/policy/isotonic.h"

#include <random>
#include <vector>

#include "gtest/gtest.h"
#include "models/contract/isotonic.h"

namespace giot::policy {
namespace {

TEST(NonincreasingRegressionTest, PoolsAdjacentViolatorsAtTheirWeightedMean) {
  const auto values = torch::tensor({{0.9F, 0.2F, 0.6F, 0.1F}});
  const auto weights = torch::tensor({{0.1F, 0.3F, 0.1F, 0.5F}});
  // 0.2 (weight .3) and 0.6 (weight .1) pool at .3.
  const auto wanted = torch::tensor({{0.9F, 0.3F, 0.3F, 0.1F}});
  EXPECT_TRUE(torch::allclose(NonincreasingRegression(values, weights), wanted, 1e-6, 1e-6));
}

TEST(NonincreasingRegressionTest, AgreesWithPoolAdjacentViolators) {
  std::mt19937_64 random(1);
  std::uniform_real_distribution<double> uniform(0.01, 1.0);
  for (int trial = 0; trial < 500; ++trial) {
    const std::size_t types = 2 + static_cast<std::size_t>(trial % 15);
    std::vector<double> values(types), weights(types);
    for (std::size_t k = 0; k < types; ++k) {
      values[k] = uniform(random);
      weights[k] = uniform(random);
    }
    const auto batched = NonincreasingRegression(torch::tensor(values).to(torch::kDouble).unsqueeze(0),
                                                 torch::tensor(weights).to(torch::kDouble).unsqueeze(0));
    contract::MakeNonincreasing(absl::MakeSpan(values), weights);
    for (std::size_t k = 0; k < types; ++k) {
      ASSERT_NEAR(batched[0][static_cast<std::int64_t>(k)].item<double>(), values[k], 1e-6) << "trial " << trial;
    }
  }
}

TEST(NonincreasingRegressionTest, TrailingPaddingOfWeightZeroChangesNothing) {
  const auto values = torch::tensor({{0.1F, 0.5F, 0.3F, 7.0F, -7.0F}});
  const auto weights = torch::tensor({{0.2F, 0.5F, 0.3F, 0.0F, 0.0F}});
  const auto real = NonincreasingRegression(values.narrow(1, 0, 3), weights.narrow(1, 0, 3));
  const auto padded = NonincreasingRegression(values, weights);
  EXPECT_TRUE(torch::allclose(padded.narrow(1, 0, 3), real));
  EXPECT_TRUE(torch::isfinite(padded).all().item<bool>());
}

TEST(NonincreasingRegressionTest, GradientIsThatOfTheBlockMeans) {
  auto values = torch::tensor({{0.9, 0.2, 0.6, 0.1}}, torch::kDouble).requires_grad_();
  const auto weights = torch::tensor({{0.1, 0.3, 0.1, 0.5}}, torch::kDouble);
  NonincreasingRegression(values, weights)[0][1].backward();
  EXPECT_TRUE(torch::allclose(values.grad(), torch::tensor({{0.0, 0.75, 0.25, 0.0}}, torch::kDouble)));
}

}  // namespace
}  // namespace giot::policy
