#pragma once

#include <array>
#include <vector>

#include "absl/types/span.h"
#include "trainer/quality/sample.h"
#include "trainer/quality/usefulness_parts.h"

namespace giot::trainer {

// The label: a mean of parts, weighted by numbers that are at least 0 and add up to 1. So it is in [0, 1], never rises
// where every part falls, and is 1 for the clean image.
using Weights = std::array<double, kParts>;

double Usefulness(const Parts& parts, const Weights& weights);

// A quarter each for gradients, structure, information and keypoints, whatever the task.
inline constexpr Weights kPlainWeights = {0.25, 0.25, 0.25, 0.25, 0.0, 0.0};

// Where a distortion of one kind and severity leads, in the mean over images.
struct TaskMean {
  std::string kind;
  int tenth = 0;  // Of severity, rounded.
  Parts parts{};
  double found = 0.0;
  double count = 0.0;
};

// Of samples that have `found`, are not attacked, and show at most one distortion; groups of fewer than `least` samples
// are left out.
std::vector<TaskMean> TaskMeans(absl::Span<const Sample> samples, int least);

// Calibrates the label against the task: weights, a common factor aside, of the mean of parts that is closest to
// `found` over all means in least squares, drawn to the plain weights by the `pull` of that many means. Plain weights
// where there are no means.
Weights FitWeights(const std::vector<TaskMean>& means, double pull);

}  // namespace giot::trainer
