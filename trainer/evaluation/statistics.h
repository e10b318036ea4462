#pragma once

#include "absl/types/span.h"

namespace giot::trainer {

// 0 for no values.
double Mean(absl::Span<const double> values);

// Of the values themselves, no estimate for a population; 0 for none.
double StandardDeviation(absl::Span<const double> values);

// The share-quantile, share in [0, 1], with linear interpolation between order
// statistics (Hyndman and Fan 1996, definition 7); NaN for no values.
double Quantile(absl::Span<const double> values, double share);

// Evidence that the mean of the population is positive.
struct OneSidedTest {
  double mean = 0.0;
  double standard_error = 0.0;
  // Probability of a mean at least this large if the population's were 0, by the
  // central limit theorem: for hundreds of values or more. 1 if there are fewer
  // than two; 0 or 1 if the values are all equal.
  double p_value = 1.0;
};
OneSidedTest TestMeanPositive(absl::Span<const double> values);

// Holds the mean of the population with 95 % confidence, by the central limit theorem.
// Both ends are NaN for fewer than two values.
struct Interval {
  double low = 0.0;
  double high = 0.0;
};
Interval MeanInterval95(absl::Span<const double> values);

}  // namespace giot::trainer
