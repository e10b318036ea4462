#pragma once

#include <array>
#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "models/contract/screening_market.h"

namespace giot::uncertain {

using contract::kMaxTypes;

inline constexpr std::int64_t kMaxVehicles = 1'000'000;

// A market with uncertain participation as a caller states it, not yet validated.
// The spans are only read during UncertainMarket::Create.
struct UncertainMarketSpec {
  absl::Span<const double> cost_types;     // theta_k, money per unit of cost, ascending.
  absl::Span<const double> probabilities;  // p_k, share of type k among vehicles.
  double value_rate = 0.0;                 // a, per unit of coverage.
  double cost_curvature = 0.0;             // kappa >= 0.
  std::int64_t vehicles = 1;               // M in 1..kMaxVehicles.
  double coverage_value = 0.0;             // w1 >= 0, money.
  double threshold_value = 0.0;            // w2 >= 0, money; not both 0.
  double threshold = 0.0;                  // S0 > 0, coverage.
  double threshold_width = 0.0;            // d >= 1e-9, coverage.
  double outside_option = 0.0;             // nu >= 0, money.
  double participation_noise = 0.0;        // tau >= 1e-9 theta_K, money.
};

// M vehicles of K privately known cost types, who may decline, and a server who
// values what those that take part deliver together.
//   vehicle cost     theta_k C(q),  C(q) = q + kappa q^2 / 2,  q in [0, 1]
//   participation    sigmoid((U_k - nu) / tau) at a rent U_k = r_k - theta_k C(q_k)
//   coverage         S = sum_k w_k pi_k q_k, w_k the delivered share of type k (Scenarios)
//   coverage value   V(S) = w1 ln(1 + a S) + w2 sigmoid((S - S0) / d), not concave
//   server utility   E[V(S)] - sum_k p_k pi_k r_k, per vehicle
// Immutable, copied freely (no heap), safe to share between threads.
class UncertainMarket {
 public:
  // InvalidArgument, naming the field, what it got and what it wanted, if K is
  // not in 2..kMaxTypes, the sizes differ, a value is not finite, types are not
  // positive and strictly ascending, probabilities are not positive or do not
  // sum to 1 within 1e-6, or a parameter is out of the range stated beside it.
  // Probabilities are renormalised.
  static absl::StatusOr<UncertainMarket> Create(const UncertainMarketSpec& spec);

  int types() const { return types_; }
  absl::Span<const double> cost_types() const { return {cost_types_.data(), static_cast<std::size_t>(types_)}; }
  absl::Span<const double> probabilities() const { return {probabilities_.data(), static_cast<std::size_t>(types_)}; }
  double value_rate() const { return value_rate_; }
  double cost_curvature() const { return cost_curvature_; }
  std::int64_t vehicles() const { return vehicles_; }
  double coverage_value() const { return coverage_value_; }
  double threshold_value() const { return threshold_value_; }
  double threshold() const { return threshold_; }
  double threshold_width() const { return threshold_width_; }
  double outside_option() const { return outside_option_; }
  double participation_noise() const { return participation_noise_; }

  // C(q), and its inverse for cost >= 0.
  double Cost(double quality) const { return quality + 0.5 * cost_curvature_ * quality * quality; }
  double QualityAtCost(double cost) const;
  // V(S), for S >= 0.
  double CoverageValue(double coverage) const;
  // pi, the probability that a vehicle takes part at this rent.
  double Participation(double rent) const;

  // The same market in money units where the costliest type is 1. Menus of the
  // two differ only in the scale of the rewards (by cost_types().back()).
  UncertainMarket Normalized() const;

 private:
  UncertainMarket() = default;

  int types_ = 0;
  std::array<double, kMaxTypes> cost_types_{};
  std::array<double, kMaxTypes> probabilities_{};
  double value_rate_ = 0.0;
  double cost_curvature_ = 0.0;
  std::int64_t vehicles_ = 1;
  double coverage_value_ = 0.0;
  double threshold_value_ = 0.0;
  double threshold_ = 0.0;
  double threshold_width_ = 0.0;
  double outside_option_ = 0.0;
  double participation_noise_ = 0.0;
};

}  // namespace giot::uncertain
