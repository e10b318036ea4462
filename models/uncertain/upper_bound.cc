#include "models/uncertain/upper_bound.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

#include "models/uncertain/coverage_conjugate.h"

namespace giot::uncertain {
namespace {

constexpr int kMaxPrices = 60;
constexpr double kRelativeGap = 1e-6;

double LargestCoverage(const Scenarios& scenarios) {
  std::array<double, kScenarios> coverage{};
  for (int k = 0; k < scenarios.types(); ++k) {
    const absl::Span<const double> weights = scenarios.Weights(k);
    for (std::size_t s = 0; s < kScenarios; ++s) coverage[s] += weights[s];
  }
  return *std::max_element(coverage.begin(), coverage.end());
}

// The root of e^x + x = y: Newton's method from the right on a convex function.
double ExpPlusIdentityInverse(double y) {
  constexpr int kMaxSteps = 20;
  double x = y > 1.0 ? std::log(y) : y;
  for (int step = 0; step < kMaxSteps; ++step) {
    const double power = std::exp(x);
    const double change = (power + x - y) / (power + 1.0);
    x -= change;
    if (change <= 1e-14 * (1.0 + std::abs(x))) break;
  }
  return x;
}

// The bound at one price, and a subgradient.
struct Bound {
  double price;
  double value;
  double slope;
};

class PricedCoverage {
 public:
  PricedCoverage(const UncertainMarket& market, const Scenarios& scenarios)
      : market_(market), scenarios_(scenarios), conjugate_(market, LargestCoverage(scenarios)) {}

  double LargestPrice() const { return conjugate_.LargestSlope(); }

  Bound At(double price) const {
    const CoverageConjugate::Maximum bought = conjugate_.At(price);
    Bound bound{price, bought.value, -bought.coverage};
    for (std::size_t k = 0; k < static_cast<std::size_t>(market_.types()); ++k) Supply(k, bound);
    return bound;
  }

 private:
  // Adds what type k earns at this price, and supplies.
  void Supply(std::size_t k, Bound& bound) const {
    const double p = market_.probabilities()[k];
    const double mean_weight = scenarios_.mean_weights()[k];
    const double theta = market_.cost_types()[k];
    const double price = bound.price * mean_weight / p;
    const double quality = BestQuality(price, theta);
    const double gain = price * quality - theta * market_.Cost(quality);
    const double rent = BestRent(gain);
    const double share = market_.Participation(rent);
    bound.value += p * share * (gain - rent);
    bound.slope += mean_weight * share * quality;
  }

  // argmax of price q - theta C(q).
  double BestQuality(double price, double theta) const {
    if (price <= theta) return 0.0;
    const double excess = price - theta;
    const double curvature = theta * market_.cost_curvature();
    return excess >= curvature ? 1.0 : excess / curvature;
  }

  // argmax over u >= 0 of pi(u) (gain - u): where (1 - pi) (gain - u) = tau, i.e.
  // e^x + x = (gain - nu) / tau - 1 with x = (u - nu) / tau.
  double BestRent(double gain) const {
    const double tau = market_.participation_noise();
    const double x = ExpPlusIdentityInverse((gain - market_.outside_option()) / tau - 1.0);
    return std::max(0.0, market_.outside_option() + tau * x);
  }

  const UncertainMarket& market_;
  const Scenarios& scenarios_;
  CoverageConjugate conjugate_;
};

}  // namespace

// Kelley's cutting planes in one dimension: the next price is where the tangents at
// the two ends of the bracket meet, which is no higher than the minimum.
double UtilityUpperBound(const UncertainMarket& market, const Scenarios& scenarios) {
  const PricedCoverage priced(market, scenarios);
  Bound low = priced.At(0.0);
  Bound high = priced.At(priced.LargestPrice());
  double best = std::min(low.value, high.value);
  for (int i = 0; i < kMaxPrices && low.slope < 0.0 && high.slope > 0.0; ++i) {
    const double width = high.price - low.price;
    const double ahead = (high.value - low.value - high.slope * width) / (low.slope - high.slope);
    const double tangents_meet = low.value + low.slope * ahead;
    if (best - tangents_meet <= kRelativeGap * std::abs(best)) break;
    const Bound next = priced.At(low.price + ahead);
    best = std::min(best, next.value);
    (next.slope < 0.0 ? low : high) = next;
  }
  return best;
}

}  // namespace giot::uncertain
