#include "trainer/trained_ranges.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace giot::trainer {
namespace {

using bundle::Range;

// How far above its mean the sum of a market's weights is taken to be, in standard deviations.
constexpr double kDeviations = 4.0;

// How contract::SampleProbabilities and SampleCostTypes draw shares and spacings: an
// offset plus a gamma variable of this shape, normalised by their sum; the exponential
// is the gamma of shape 1.
struct Weights {
  double offset;
  double shape;
};
constexpr Weights kProbabilities{0.08, 1.5};
constexpr Weights kSpacings{0.15, 1.0};
// The same of the freshness sampler's shares, before they are correlated.
constexpr Weights kJointProbabilities{0.05, 1.0};

// Lowest and highest quality that the screening sampler lets a budget buy from everybody.
constexpr double kBudgetOverQualityMin = 1.15;
constexpr double kBudgetQualityMax = 0.9;

// The least weight over a large sum of `count` of them.
double LeastShare(const Weights& weights, int count) {
  const double mean = count * (weights.offset + weights.shape);
  return weights.offset / (mean + kDeviations * std::sqrt(count * weights.shape));
}

// The same where the weight at places i, j of two ladders is scaled by exp(rho i j), i and j
// evenly spaced in [-1, 1].
double LeastCorrelatedShare(const Weights& weights, double correlation) {
  constexpr int kSteps = freshness::kLadderSteps;
  const auto place = [](int step) { return 2.0 * step / (kSteps - 1) - 1.0; };
  double mean = 0.0;
  double variance = 0.0;
  for (int i = 0; i < kSteps; ++i) {
    for (int j = 0; j < kSteps; ++j) {
      const double scale = std::exp(correlation * place(i) * place(j));
      mean += scale * (weights.offset + weights.shape);
      variance += scale * scale * weights.shape;
    }
  }
  return weights.offset * std::exp(-correlation) / (mean + kDeviations * std::sqrt(variance));
}

Range AtLeast(double min) { return {min, std::numeric_limits<double>::infinity()}; }

// Of amounts of money from [min, max] over one from [unit_min, unit_max].
Range Over(double min, double max, double unit_min, double unit_max) { return {min / unit_max, max / unit_min}; }

}  // namespace

bundle::MarketRanges TrainedRanges(const contract::MarketDistribution& d) {
  const Range first = Over(d.first_type_min, d.first_type_max, d.last_type_min, d.last_type_max);
  return {{{"types", {static_cast<double>(d.types_min), static_cast<double>(d.types_max)}},
           {"first_type", first},
           {"value_scale", Over(d.value_scale_min, d.value_scale_max, d.last_type_min, d.last_type_max)},
           {"value_rate", {d.value_rate_min, d.value_rate_max}},
           {"cost_curvature", {0.0, d.cost_curvature_max}},
           {"quality_min", {d.quality_min_min, d.quality_min_max}},
           {"quality_max", {1.0, 1.0}},
           {"budget_quality", {kBudgetOverQualityMin, kBudgetQualityMax / d.quality_min_min}},
           {"probability_min", AtLeast(LeastShare(kProbabilities, d.types_max))},
           {"spacing_min", AtLeast((1.0 - first.max) * LeastShare(kSpacings, d.types_max - 1))}}};
}

bundle::MarketRanges TrainedRanges(const uncertain::UncertainDistribution& d) {
  const auto money = [&d](double min, double max) { return Over(min, max, d.last_type_min, d.last_type_max); };
  const Range first = money(d.first_type_min, d.first_type_max);
  return {{{"types", {static_cast<double>(d.types_min), static_cast<double>(d.types_max)}},
           {"first_type", first},
           {"value_rate", {d.value_rate_min, d.value_rate_max}},
           {"cost_curvature", {0.0, d.cost_curvature_max}},
           {"vehicles", {static_cast<double>(d.vehicles_min), static_cast<double>(d.vehicles_max)}},
           {"coverage_value", money(d.coverage_value_min, d.coverage_value_max)},
           {"threshold_value", money(d.threshold_value_min, d.threshold_value_max)},
           {"threshold", {d.threshold_min, d.threshold_max}},
           {"threshold_width", {d.threshold_width_min, d.threshold_width_max}},
           {"outside_option", money(0.0, d.outside_option_max)},
           {"participation_noise", money(d.participation_noise_min, d.participation_noise_max)},
           {"probability_min", AtLeast(LeastShare(kProbabilities, d.types_max))},
           {"spacing_min", AtLeast((1.0 - first.max) * LeastShare(kSpacings, d.types_max - 1))}}};
}

bundle::MarketRanges TrainedRanges(const freshness::FreshnessDistribution& d) {
  constexpr double kTypes = freshness::kLadderSteps * freshness::kLadderSteps;
  const auto money = [&d](double min, double max) { return Over(min, max, d.last_sensing_min, d.last_sensing_max); };
  const double correlation = std::max(std::abs(d.correlation_min), std::abs(d.correlation_max));
  return {{{"types", {kTypes, kTypes}},
           {"first_sensing", money(d.first_sensing_min, d.first_sensing_max)},
           {"first_update", money(d.first_update_min, d.first_update_max)},
           {"last_update", money(d.last_update_min, d.last_update_max)},
           {"value_scale", money(d.value_scale_min, d.value_scale_max)},
           {"value_rate", {d.value_rate_min, d.value_rate_max}},
           {"staleness_rate", {d.staleness_rate_min, d.staleness_rate_max}},
           {"probability_min", AtLeast(LeastCorrelatedShare(kJointProbabilities, correlation))}}};
}

}  // namespace giot::trainer
