#include "trainer/trained_ranges.h"

#include <cmath>

namespace giot::trainer {
namespace {

// How SampleMarket draws shares and spacings: an offset plus a gamma variable
// of this shape, normalised by their sum; the exponential is the gamma of shape 1.
struct Weights {
  double offset;
  double shape;
};
constexpr Weights kProbabilities{0.08, 1.5};
constexpr Weights kSpacings{0.15, 1.0};

// Lowest and highest quality that SampleMarket lets a budget buy from everybody.
constexpr double kBudgetOverQualityMin = 1.15;
constexpr double kBudgetQualityMax = 0.9;

// The least weight over the sum of `count` of them, where that sum is
// `kDeviations` standard deviations (sqrt of the shape, each) above its mean.
double LeastShare(const Weights& weights, int count) {
  constexpr double kDeviations = 4.0;
  const double mean = count * (weights.offset + weights.shape);
  return weights.offset / (mean + kDeviations * std::sqrt(count * weights.shape));
}

}  // namespace

bundle::MarketRanges TrainedRanges(const contract::MarketDistribution& d) {
  bundle::MarketRanges ranges;
  ranges.types = {static_cast<double>(d.types_min), static_cast<double>(d.types_max)};
  ranges.first_type = {d.first_type_min / d.last_type_max, d.first_type_max / d.last_type_min};
  ranges.value_scale = {d.value_scale_min / d.last_type_max, d.value_scale_max / d.last_type_min};
  ranges.value_rate = {d.value_rate_min, d.value_rate_max};
  ranges.cost_curvature = {0.0, d.cost_curvature_max};
  ranges.quality_min = {d.quality_min_min, d.quality_min_max};
  ranges.quality_max = {1.0, 1.0};
  ranges.budget_quality = {kBudgetOverQualityMin, kBudgetQualityMax / d.quality_min_min};
  ranges.probability_min = LeastShare(kProbabilities, d.types_max);
  ranges.spacing_min = (1.0 - ranges.first_type.max) * LeastShare(kSpacings, d.types_max - 1);
  return ranges;
}

}  // namespace giot::trainer
