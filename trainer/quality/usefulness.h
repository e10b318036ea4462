#pragma once

#include <array>
#include <vector>

#include "absl/types/span.h"
#include "trainer/quality/sample.h"
#include "trainer/quality/usefulness_parts.h"

namespace giot::trainer {

// The label: a mean of all parts but colour, weighted by numbers that are at least 0 and add up to 1, times
// 1 - w + w colour, where w in [0, 1] is the last weight. So it is in [0, 1], never rises where every part falls, and
// is 1 for the clean image. Colour is a factor because what loses its colours is missed however sharp it is.
using Weights = std::array<double, kParts>;

double Usefulness(const Parts& parts, const Weights& weights);

// A quarter each for gradients, structure, information and keypoints, whatever the task.
inline constexpr Weights kPlainWeights = {0.25, 0.25, 0.25, 0.25, 0.0, 0.0, 0.0};

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

// Calibrates the label against the task: the weights whose label, a common factor aside, is closest to `found` over all
// means in least squares, drawn to the plain weights by the `pull` of that many means. Plain weights where there are no
// means. Colour's weight is one of 0, .05, ... 1.
Weights FitWeights(const std::vector<TaskMean>& means, double pull);

}  // namespace giot::trainer
