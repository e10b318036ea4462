#include "models/freshness/upper_bound.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace giot::freshness {
namespace {

// The best surplus V(q, f) - theta q - delta f of one type. At the best quality
//   q(f) = clamp(omega F(f) / theta - 1 / a, 0, 1)
// its slope in f is omega L h - delta, with L = ln(1 + a q(f)) and
// h = F'(f) = alpha F / x^2, x = f + kAgeOffset. On a logarithmic scale L h rises by
//   (alpha / x^2) (1 + [q < 1] / L) - 2 / x
// in f, whose sign is that of alpha (1 + [q < 1] / L) / x - 2: a falling function, so
// that L h rises to one peak and falls. The surplus is then best at f = 0, or
// behind the peak where its slope falls through 0, or at f = 1.
class PublicType {
 public:
  PublicType(const FreshnessMarket& market, int type)
      : market_(market),
        theta_(market.sensing_costs()[static_cast<std::size_t>(type)]),
        delta_(market.update_costs()[static_cast<std::size_t>(type)]) {}

  double BestSurplus() const {
    const double peak = LastTrue(0.0, [this](double f) { return SlopeRises(f); });
    const double top = LastTrue(peak, [this](double f) { return Slope(f) > 0.0; });
    return std::max({0.0, Surplus(0.0), Surplus(top)});
  }

 private:
  double BestQuality(double f) const {
    return std::clamp(market_.value_scale() * market_.Freshness(f) / theta_ - 1.0 / market_.value_rate(), 0.0, 1.0);
  }
  double Surplus(double f) const {
    const double q = BestQuality(f);
    return market_.Value(q, f) - theta_ * q - delta_ * f;
  }
  double Slope(double f) const {
    const double x = f + kAgeOffset;
    return market_.Value(BestQuality(f), f) * market_.staleness_rate() / (x * x) - delta_;
  }
  bool SlopeRises(double f) const {
    const double q = BestQuality(f);
    if (q == 0.0) return true;
    const double growth = q < 1.0 ? 1.0 + 1.0 / std::log(1.0 + market_.value_rate() * q) : 1.0;
    return market_.staleness_rate() * growth / (f + kAgeOffset) > 2.0;
  }

  // Where, in [low, 1], a condition that is true before and false after changes;
  // `low` if it is false there.
  template <typename Condition>
  static double LastTrue(double low, Condition condition) {
    if (condition(1.0)) return 1.0;
    double high = 1.0;
    // The surplus is flat to second order where this ends.
    while (high - low > 1e-12) {
      const double middle = 0.5 * (low + high);
      (condition(middle) ? low : high) = middle;
    }
    return low;
  }

  const FreshnessMarket& market_;
  double theta_;
  double delta_;
};

}  // namespace

double FirstBestUtility(const FreshnessMarket& market) {
  double utility = 0.0;
  for (int t = 0; t < market.types(); ++t) {
    utility += market.probabilities()[static_cast<std::size_t>(t)] * PublicType(market, t).BestSurplus();
  }
  return utility;
}

}  // namespace giot::freshness
