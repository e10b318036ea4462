#include "models/contract/exact.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>

#include "absl/types/span.h"
#include "models/contract/feasible_decode.h"
#include "models/contract/isotonic.h"

namespace giot::contract {
namespace {

using Row = std::array<double, kMaxTypes>;

// Newton's method needs about 5 steps; bisection, its safeguard, at most 60.
constexpr int kMaxRootSteps = 80;

// What a type's quality costs the server at the margin, by type: its virtual
// cost (with private types) or its own cost (with public ones).
class PricedQualities {
 public:
  PricedQualities(const ScreeningMarket& market, absl::Span<const double> costs)
      : market_(market),
        costs_(costs),
        a_(market.value_rate() * market.cost_curvature()),
        b_(market.value_rate() + market.cost_curvature()),
        b_squared_(b_ * b_),
        value_slope_(market.value_scale() * market.value_rate()) {}

  // argmax_q omega ln(1 + a q) - cost C(q) within the bounds: the root of
  // A q^2 + B q + c0 = 0, in the form that does not cancel.
  double Quality(double cost) const {
    const double c0 = 1.0 - value_slope_ / cost;
    const double discriminant = b_squared_ - 4.0 * a_ * c0;
    if (discriminant <= 0.0) return market_.quality_min();
    const double quality = -2.0 * c0 / (b_ + std::sqrt(discriminant));
    return std::clamp(quality, market_.quality_min(), market_.quality_max());
  }

  // Multiplier on all costs, 1 where `budget` does not bind, at which the
  // expected pay sum_k p_k cost_k C(q_k) meets it: Newton's method on a
  // decreasing function, kept inside a bracket.
  double Multiplier(double budget) const {
    double low = 1.0;
    Pay pay = PayAt(low);
    if (pay.amount <= budget) return low;
    const double quality_min = market_.quality_min();
    const double slope_at_min =
        value_slope_ / ((1.0 + market_.value_rate() * quality_min) * (1.0 + market_.cost_curvature() * quality_min));
    double high = std::max(slope_at_min / costs_.front(), 1.0);  // Everybody at q_min.
    double multiplier = low;
    for (int step = 0; step < kMaxRootSteps; ++step) {
      double next = multiplier - (pay.amount - budget) / pay.slope;
      if (!(next > low && next < high)) next = 0.5 * (low + high);
      if (next == multiplier || high - low <= 1e-15 * high) break;
      multiplier = next;
      pay = PayAt(multiplier);
      (pay.amount > budget ? low : high) = multiplier;
      if (std::abs(pay.amount - budget) <= 1e-14 * budget) break;
    }
    return multiplier;
  }

 private:
  struct Pay {
    double amount;
    double slope;  // Derivative with respect to the multiplier, <= 0.
  };

  Pay PayAt(double multiplier) const {
    Pay pay{0.0, 0.0};
    const double rate = market_.value_rate();
    const double curvature = market_.cost_curvature();
    for (std::size_t k = 0; k < costs_.size(); ++k) {
      const double quality = Quality(multiplier * costs_[k]);
      const double weight = market_.probabilities()[k] * costs_[k];
      pay.amount += weight * market_.Cost(quality);
      if (quality > market_.quality_min() && quality < market_.quality_max()) {
        // From multiplier * cost = omega a / ((1 + a q)(1 + kappa q)).
        const double cost_slope = 1.0 + curvature * quality;
        pay.slope -= weight * cost_slope / (multiplier * (rate / (1.0 + rate * quality) + curvature / cost_slope));
      }
    }
    return pay;
  }

  const ScreeningMarket& market_;
  absl::Span<const double> costs_;
  double a_, b_, b_squared_;  // Coefficients A, B and B^2 of the quadratic.
  double value_slope_;        // omega a, marginal value at q = 0.
};

// phi_k = theta_k + (P_{k-1} / p_k)(theta_k - theta_{k-1}), ironed in place.
bool IronedVirtualCosts(const ScreeningMarket& market, absl::Span<double> phi) {
  double cheaper = 0.0;
  for (std::size_t k = 0; k < phi.size(); ++k) {
    const double theta = market.cost_types()[k];
    const double p = market.probabilities()[k];
    phi[k] = k == 0 ? theta : theta + cheaper / p * (theta - market.cost_types()[k - 1]);
    cheaper += p;
  }
  return MakeNondecreasing(phi, market.probabilities());
}

double UtilityOf(const ScreeningMarket& market, const Menu& menu) {
  double utility = 0.0;
  for (int k = 0; k < menu.size(); ++k) {
    utility += market.probabilities()[static_cast<std::size_t>(k)] * (market.Value(menu[k].quality) - menu[k].reward);
  }
  return utility;
}

ExactSolution SolveServingAll(const ScreeningMarket& market) {
  Row row;
  const absl::Span<double> phi(row.data(), static_cast<std::size_t>(market.types()));
  ExactSolution solution;
  solution.ironed = IronedVirtualCosts(market, phi);
  const PricedQualities priced(market, phi);
  const std::optional<double> budget = market.budget_per_vehicle();
  const double multiplier = budget ? priced.Multiplier(*budget) : 1.0;
  solution.budget_binds = multiplier > 1.0;
  solution.menu = Menu(market.types());
  for (int k = 0; k < market.types(); ++k) {
    solution.menu[k].quality = priced.Quality(multiplier * phi[static_cast<std::size_t>(k)]);
  }
  if (solution.budget_binds) {
    ShrinkToBudget(market, *budget, solution.menu);  // Takes up the root finder's last digits.
  } else {
    AssignLeastRewards(market, solution.menu);
  }
  solution.utility_per_vehicle = UtilityOf(market, solution.menu);
  return solution;
}

double FirstBestServingAll(const ScreeningMarket& market) {
  const PricedQualities priced(market, market.cost_types());
  double multiplier = 1.0;
  if (market.budget_per_vehicle()) multiplier = priced.Multiplier(*market.budget_per_vehicle());
  double utility = 0.0;
  for (std::size_t k = 0; k < market.cost_types().size(); ++k) {
    const double theta = market.cost_types()[k];
    const double quality = priced.Quality(multiplier * theta);
    utility += market.probabilities()[k] * (market.Value(quality) - theta * market.Cost(quality));
  }
  return utility;
}

double ServedShare(const ScreeningMarket& market, int served) {
  double share = 0.0;
  for (int k = 0; k < served; ++k) share += market.probabilities()[static_cast<std::size_t>(k)];
  return share;
}

}  // namespace

ExactSolution SolveExact(const ScreeningMarket& market) {
  if (!market.allow_exclusion()) return SolveServingAll(market);
  ExactSolution best;
  best.utility_per_vehicle = -std::numeric_limits<double>::infinity();
  for (int served = 1; served <= market.types(); ++served) {
    const std::optional<ScreeningMarket> prefix = market.Prefix(served);
    if (!prefix) continue;
    ExactSolution solution = SolveServingAll(*prefix);
    solution.utility_per_vehicle *= ServedShare(market, served);
    if (solution.utility_per_vehicle >= best.utility_per_vehicle) best = solution;
  }
  return best;
}

double FirstBestUtility(const ScreeningMarket& market) {
  if (!market.allow_exclusion()) return FirstBestServingAll(market);
  double best = -std::numeric_limits<double>::infinity();
  for (int served = 1; served <= market.types(); ++served) {
    const std::optional<ScreeningMarket> prefix = market.Prefix(served);
    if (prefix) best = std::max(best, ServedShare(market, served) * FirstBestServingAll(*prefix));
  }
  return best;
}

}  // namespace giot::contract
