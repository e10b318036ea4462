#include "trainer/learning/rate_range.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"

namespace giot::trainer {
namespace {

constexpr double kSmoothing = 0.95;
// The loss is least where steps are about to become too large.
constexpr double kSafety = 10.0;

double ValueOf(const Scalars& scalars, absl::string_view name, double otherwise) {
  for (const Scalar& scalar : scalars) {
    if (scalar.name == name) return scalar.value;
  }
  return otherwise;
}

// The loss of PPO's and the critics' surrogates says nothing where the reward is at hand.
double LossOf(const Scalars& scalars) { return -ValueOf(scalars, "reward", -ValueOf(scalars, "loss", 0.0)); }

}  // namespace

absl::StatusOr<RateRange> TestRates(Algorithm& algorithm) {
  RateRange range;
  double mean = 0.0;
  while (algorithm.iteration() < algorithm.iterations()) {
    const absl::StatusOr<Scalars> scalars = algorithm.Step(/*want_metrics=*/true);
    if (absl::IsOutOfRange(scalars.status())) break;
    if (!scalars.ok()) return scalars.status();
    const double loss = LossOf(*scalars);
    mean = kSmoothing * mean + (1 - kSmoothing) * loss;
    const double weight = 1 - std::pow(kSmoothing, static_cast<double>(range.samples.size() + 1));
    range.samples.push_back({ValueOf(*scalars, "learning_rate", 0.0), loss, mean / weight});
  }
  const auto least = std::min_element(range.samples.begin(), range.samples.end(),
                                      [](const RateSample& a, const RateSample& b) { return a.smoothed < b.smoothed; });
  if (range.samples.empty() || least == range.samples.begin()) {
    return absl::FailedPreconditionError(
        absl::StrCat("no rate of the range test lowered the loss, in ", range.samples.size(), " finite steps"));
  }
  range.suggestion = least->rate / kSafety;
  return range;
}

}  // namespace giot::trainer
