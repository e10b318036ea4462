#include "models/policy/noise_schedule.h"

#include <cmath>

#include "gtest/gtest.h"

namespace giot::policy {
namespace {

TEST(NoiseScheduleTest, LastStepReturnsThePrediction) {
  const auto chain = VariancePreservingSchedule(5, 0.1, 10.0);
  ASSERT_EQ(chain.size(), 5U);
  EXPECT_NEAR(chain.back().x0_weight, 1.0, 1e-12);
  EXPECT_NEAR(chain.back().x_weight, 0.0, 1e-12);
  EXPECT_NEAR(chain.back().noise_scale, 0.0, 1e-12);
}

TEST(NoiseScheduleTest, PosteriorKeepsTheForwardMarginals) {
  // If x_t ~ N(sqrt(abar_t) x0, 1 - abar_t), the posterior step must give
  // x_{t-1} ~ N(sqrt(abar_{t-1}) x0, 1 - abar_{t-1}).
  const int steps = 6;
  const auto chain = VariancePreservingSchedule(steps, 0.1, 10.0);
  const auto alpha_bar = [&](int t) {
    double log_alpha = 0.0;
    for (int s = 1; s <= t; ++s) log_alpha -= 0.1 / steps + 0.5 * 9.9 * (2.0 * s - 1.0) / (steps * steps);
    return std::exp(log_alpha);
  };
  for (int t = steps; t >= 1; --t) {
    const DenoisingStep& step = chain[static_cast<std::size_t>(steps - t)];
    const double mean = step.x0_weight + step.x_weight * std::sqrt(alpha_bar(t));
    const double variance = step.x_weight * step.x_weight * (1 - alpha_bar(t)) + step.noise_scale * step.noise_scale;
    EXPECT_NEAR(mean, std::sqrt(alpha_bar(t - 1)), 1e-12) << "t = " << t;
    EXPECT_NEAR(variance, 1 - alpha_bar(t - 1), 1e-12) << "t = " << t;
  }
}

}  // namespace
}  // namespace giot::policy
