#include "models/uncertain/coverage_conjugate.h"

#include <algorithm>
#include <cmath>

namespace giot::uncertain {
namespace {

constexpr int kBisections = 60;
constexpr int kMaxRootSteps = 80;

// The last point of [low, high] at which `holds`, which is true up to there; `low` if nowhere.
template <typename Predicate>
double LastWhere(double low, double high, Predicate holds) {
  for (int i = 0; i < kBisections; ++i) {
    const double middle = 0.5 * (low + high);
    (holds(middle) ? low : high) = middle;
  }
  return low;
}

}  // namespace

CoverageConjugate::CoverageConjugate(const UncertainMarket& market, double largest)
    : market_(market), largest_(largest), rise_begin_(largest), rise_end_(largest) {
  const double steepest = SteepestRise();
  if (SlopesAt(steepest).second <= 0.0) return;
  const auto falls = [this](double coverage) { return SlopesAt(coverage).second <= 0.0; };
  rise_begin_ = std::min(LastWhere(0.0, steepest, falls), largest);
  rise_end_ = std::min(LastWhere(steepest, market.threshold(), [&falls](double coverage) { return !falls(coverage); }),
                       largest);
}

CoverageConjugate::Slopes CoverageConjugate::SlopesAt(double coverage) const {
  const double log_rate = market_.value_rate() / (1.0 + market_.value_rate() * coverage);
  const double x = (coverage - market_.threshold()) / market_.threshold_width();
  const double tail = std::exp(-std::abs(x));
  const double density = tail / ((1.0 + tail) * (1.0 + tail));         // s (1 - s)
  const double skew = std::copysign((1.0 - tail) / (1.0 + tail), -x);  // 1 - 2 s
  const double slope = market_.threshold_value() * density / market_.threshold_width();
  return {market_.coverage_value() * log_rate + slope,
          -market_.coverage_value() * log_rate * log_rate + slope * skew / market_.threshold_width()};
}

// Where below the threshold the sigmoid's curvature exceeds the logarithm's by the
// largest factor: the derivative of the logarithm of that factor falls through 0.
double CoverageConjugate::SteepestRise() const {
  return LastWhere(0.0, market_.threshold(), [this](double coverage) {
    const double tail = std::exp((coverage - market_.threshold()) / market_.threshold_width());
    const double skew = (1.0 - tail) / (1.0 + tail);
    const double density = tail / ((1.0 + tail) * (1.0 + tail));
    const double log_rate = market_.value_rate() / (1.0 + market_.value_rate() * coverage);
    return (skew * skew - 2.0 * density) / market_.threshold_width() + 2.0 * log_rate * skew > 0.0;
  });
}

double CoverageConjugate::LargestSlope() const {
  return market_.coverage_value() * market_.value_rate() + 0.25 * market_.threshold_value() / market_.threshold_width();
}

double CoverageConjugate::Demand(double price, double low, double high) const {
  if (SlopesAt(low).first <= price) return low;
  if (SlopesAt(high).first >= price) return high;
  double coverage = 0.5 * (low + high);
  for (int step = 0; step < kMaxRootSteps; ++step) {
    const Slopes slopes = SlopesAt(coverage);
    (slopes.first > price ? low : high) = coverage;
    double next = coverage - (slopes.first - price) / slopes.second;
    if (!(next > low && next < high)) next = 0.5 * (low + high);
    if (std::abs(next - coverage) <= 1e-13 * high) return next;
    coverage = next;
  }
  return coverage;
}

CoverageConjugate::Maximum CoverageConjugate::At(double price) const {
  Maximum best{market_.CoverageValue(0.0), 0.0};
  for (const double coverage : {Demand(price, 0.0, rise_begin_), Demand(price, rise_end_, largest_)}) {
    const double value = market_.CoverageValue(coverage) - price * coverage;
    if (value > best.value) best = {value, coverage};
  }
  return best;
}

}  // namespace giot::uncertain
