#pragma once

#include <vector>

#include "absl/types/span.h"
#include "models/quality/quality_model.h"

namespace giot::trainer {

// The rising function that fits best in weighted least squares, at the x of the points in rising order (pool adjacent
// violators; Barlow et al. 1972). All three of one size; weights positive.
struct Isotonic {
  std::vector<double> x;  // Rising strictly.
  std::vector<double> y;  // Never falling.
};
Isotonic FitIsotonic(absl::Span<const double> x, absl::Span<const double> y, absl::Span<const double> weights);

// Linear between the points, constant beyond them.
double ValueAt(const Isotonic& curve, double x);

// The calibration G: rises in steps of at least 1e-6 from (0, 0) to (clean, 1), along means of `labels`, in [0, 1], of
// points whose raw scores are close; straight over the last tenth; at most `knots` in between. `clean`, in (0, 1]: the
// raw score of a clean image, from which on G is 1.
std::vector<quality::CalibrationKnot> FitCalibration(absl::Span<const double> raw, absl::Span<const double> labels,
                                                     double clean, int knots);

// The smallest margin m for which a score less m is at or below the truth with probability `coverage`, for a score of a
// place exchangeable with these (hierarchical conformal prediction: Lee, Barber and Willett 2023). `places` says of
// which each score is: scores of one place are alike, so every place counts as one, and one more as if nothing covered
// it. At least 0; 1 if there are too few places for that.
double ConformalMargin(absl::Span<const double> scores, absl::Span<const double> truths, absl::Span<const int> places,
                       double coverage);

}  // namespace giot::trainer
