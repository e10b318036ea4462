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
// points whose raw scores are close; at most `knots` in between. `clean`, in (0, 1]: the raw score of a clean image,
// from which on G is 1.
std::vector<quality::CalibrationKnot> FitCalibration(absl::Span<const double> raw, absl::Span<const double> labels,
                                                     double clean, int knots);

// The smallest margin m for which a score less m is at or below the truth with probability `coverage`, for a score
// exchangeable with these: the ceil((n + 1) coverage)-th smallest of score - truth (split conformal prediction, Vovk
// et al. 2005), at least 0. 1 if there are too few scores for that.
double ConformalMargin(absl::Span<const double> scores, absl::Span<const double> truths, double coverage);

}  // namespace giot::trainer
