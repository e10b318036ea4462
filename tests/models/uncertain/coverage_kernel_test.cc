#include "models/uncertain/coverage_kernel.h"

#include <cmath>
#include <random>
#include <vector>

#include "gtest/gtest.h"
#include "models/uncertain/scenarios.h"

namespace giot::uncertain {
namespace {

struct Expected {
  long double value = 0.0L;
  std::vector<long double> gradient;
};

// The definition, scenario by scenario, in 64-bit mantissas.
Expected Directly(const CoverageCurve& curve, const std::vector<double>& weights,
                  const std::vector<double>& delivered) {
  Expected expected;
  expected.gradient.resize(delivered.size());
  for (std::size_t s = 0; s < kScenarios; ++s) {
    long double coverage = 0.0L;
    for (std::size_t k = 0; k < delivered.size(); ++k) {
      coverage += static_cast<long double>(weights[k * kScenarioStride + s]) * delivered[k];
    }
    const long double sigmoid = 1.0L / (1.0L + std::exp((curve.threshold - coverage) * curve.inverse_width));
    const long double other = 1.0L / (1.0L + std::exp((coverage - curve.threshold) * curve.inverse_width));
    expected.value += curve.log_value * std::log1p(curve.value_rate * coverage) + curve.threshold_value * sigmoid;
    const long double slope = curve.log_value * curve.value_rate / (1.0L + curve.value_rate * coverage) +
                              curve.threshold_value * curve.inverse_width * sigmoid * other;
    for (std::size_t k = 0; k < delivered.size(); ++k) {
      expected.gradient[k] += slope * weights[k * kScenarioStride + s] / kScenarios;
    }
  }
  expected.value /= kScenarios;
  return expected;
}

class CoverageKernelTest : public testing::TestWithParam<CoverageKernel*> {};

INSTANTIATE_TEST_SUITE_P(InstructionSets, CoverageKernelTest,
                         testing::Values(&MeanCoverageValuePlain, &MeanCoverageValue));

TEST_P(CoverageKernelTest, AgreesWithTheStandardLibraryForAnyNumberOfTypes) {
  std::mt19937_64 random(1);
  const auto uniform = [&random](double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(random);
  };
  for (int repetition = 0; repetition < 20; ++repetition) {
    for (int types = 1; types <= kMaxTypes; ++types) {
      const auto count = static_cast<std::size_t>(types);
      std::vector<double> weights(count * kScenarioStride);
      for (double& weight : weights) weight = uniform(0.0, 2.0 / types);
      std::vector<double> delivered(count);
      for (double& quality : delivered) quality = uniform(0.0, 1.0);
      const CoverageCurve curve{uniform(6.0, 40.0), uniform(0.2, 0.8), uniform(0.3, 1.5), uniform(0.15, 0.6),
                                1.0 / uniform(0.02, 0.06)};
      const Expected expected = Directly(curve, weights, delivered);
      std::vector<double> gradient(count, -1.0);
      const double value = (*GetParam())(curve, weights.data(), delivered.data(), types, gradient.data());
      ASSERT_NEAR(value / static_cast<double>(expected.value), 1.0, 1e-12);
      for (std::size_t k = 0; k < count; ++k) {
        ASSERT_NEAR(gradient[k] / static_cast<double>(expected.gradient[k]), 1.0, 1e-12) << "type " << k;
      }
      ASSERT_EQ((*GetParam())(curve, weights.data(), delivered.data(), types, nullptr), value);
    }
  }
}

TEST_P(CoverageKernelTest, KeepsItsDigitsWhereAlmostNothingIsDelivered) {
  const std::vector<double> weights(kScenarioStride, 1.0);
  const CoverageCurve curve{10.0, 0.5, 1.0, 0.5, 100.0};
  for (const double delivered : {0.0, 1e-20, 1e-9}) {
    double gradient = 0.0;
    const double value = (*GetParam())(curve, weights.data(), &delivered, 1, &gradient);
    EXPECT_NEAR(value / (0.5 * std::log1p(10.0 * delivered) + 1.0 / (1.0 + std::exp(50.0 - 100.0 * delivered))), 1.0,
                1e-12);
    EXPECT_NEAR(gradient, 5.0, 1e-6);
  }
}

TEST_P(CoverageKernelTest, AThresholdAsSharpAsAStepStaysFinite) {
  const std::vector<double> weights(kScenarioStride, 1.0);
  const CoverageCurve curve{10.0, 0.5, 1.0, 0.5, 1e12};
  for (const double delivered : {0.4, 0.6}) {
    double gradient = 0.0;
    const double value = (*GetParam())(curve, weights.data(), &delivered, 1, &gradient);
    EXPECT_NEAR(value, 0.5 * std::log1p(10.0 * delivered) + (delivered > 0.5 ? 1.0 : 0.0), 1e-12);
    EXPECT_NEAR(gradient, 5.0 / (1.0 + 10.0 * delivered), 1e-12);
  }
}

}  // namespace
}  // namespace giot::uncertain
