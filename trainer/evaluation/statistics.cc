#include "trainer/evaluation/statistics.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

namespace giot::trainer {

double Mean(absl::Span<const double> values) {
  double sum = 0.0;
  for (const double value : values) sum += value;
  return values.empty() ? 0.0 : sum / static_cast<double>(values.size());
}

double StandardDeviation(absl::Span<const double> values) {
  const double mean = Mean(values);
  double squares = 0.0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return values.empty() ? 0.0 : std::sqrt(squares / static_cast<double>(values.size()));
}

double Quantile(absl::Span<const double> values, double share) {
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  std::vector<double> sorted(values.begin(), values.end());
  std::sort(sorted.begin(), sorted.end());
  const double position = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(position);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (position - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

OneSidedTest TestMeanPositive(absl::Span<const double> values) {
  OneSidedTest test;
  test.mean = Mean(values);
  if (values.size() < 2) return test;
  double squares = 0.0;
  for (const double value : values) squares += (value - test.mean) * (value - test.mean);
  const auto count = static_cast<double>(values.size());
  test.standard_error = std::sqrt(squares / (count - 1) / count);
  if (test.standard_error == 0.0) {
    test.p_value = test.mean > 0.0 ? 0.0 : 1.0;
  } else {
    test.p_value = 0.5 * std::erfc(test.mean / test.standard_error / std::sqrt(2.0));
  }
  return test;
}

Interval MeanInterval95(absl::Span<const double> values) {
  constexpr double kDeviations = 1.959963984540054;  // The normal distribution's 97.5th percentile.
  constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
  if (values.size() < 2) return {kUnknown, kUnknown};
  const OneSidedTest test = TestMeanPositive(values);
  return {test.mean - kDeviations * test.standard_error, test.mean + kDeviations * test.standard_error};
}

}  // namespace giot::trainer
