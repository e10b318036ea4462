#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace giot::contract {

// Most types a market may have; sizes every fixed buffer on the hot path.
inline constexpr int kMaxTypes = 16;

// A screening market as a caller states it, not yet validated. The spans are
// only read during ScreeningMarket::Create.
struct ScreeningMarketSpec {
  absl::Span<const double> cost_types;     // theta_k, money per unit of cost, ascending.
  absl::Span<const double> probabilities;  // p_k, share of type k among vehicles.
  double value_scale = 0.0;                // omega, money.
  double value_rate = 0.0;                 // a, per unit of quality.
  double cost_curvature = 0.0;             // kappa >= 0.
  double quality_min = 0.0;                // in (0, quality_max).
  double quality_max = 1.0;                // in (quality_min, 1].
  std::int64_t vehicles = 1;               // M >= 1.
  std::optional<double> budget;            // B, money for all vehicles together.
  bool allow_exclusion = false;            // May leave the costliest types out.
};

// The base market: K privately known cost types, one quality dimension
// (Mirrlees 1971; Mussa and Rosen 1978).
//   vehicle cost     theta_k C(q),  C(q) = q + kappa q^2 / 2
//   server utility   M sum_k p_k [omega ln(1 + a q_k) - r_k]
// Immutable, copied freely (no heap), safe to share between threads.
class ScreeningMarket {
 public:
  // InvalidArgument, naming the field, what it got and what it wanted, if K is
  // not in 2..kMaxTypes, the sizes differ, a value is not finite, types are not
  // positive and strictly ascending, probabilities are not positive or do not
  // sum to 1 within 1e-6, a parameter is out of the range stated beside it, or
  // the budget cannot pay q_min to every type that must be served (all of them,
  // or the cheapest one with allow_exclusion). Probabilities are renormalised.
  static absl::StatusOr<ScreeningMarket> Create(const ScreeningMarketSpec& spec);

  int types() const { return types_; }
  absl::Span<const double> cost_types() const { return {cost_types_.data(), static_cast<std::size_t>(types_)}; }
  absl::Span<const double> probabilities() const { return {probabilities_.data(), static_cast<std::size_t>(types_)}; }
  double value_scale() const { return value_scale_; }
  double value_rate() const { return value_rate_; }
  double cost_curvature() const { return cost_curvature_; }
  double quality_min() const { return quality_min_; }
  double quality_max() const { return quality_max_; }
  std::int64_t vehicles() const { return vehicles_; }
  // b = B / M: bounds the expected pay sum_k p_k r_k of one vehicle.
  std::optional<double> budget_per_vehicle() const { return budget_per_vehicle_; }
  bool allow_exclusion() const { return allow_exclusion_; }

  // C(q), and its inverse for cost >= 0.
  double Cost(double quality) const { return quality + 0.5 * cost_curvature_ * quality * quality; }
  double QualityAtCost(double cost) const;
  // omega ln(1 + a q).
  double Value(double quality) const;

  // The market of the cheapest `served` types alone, as if the others did not
  // exist: probabilities and budget are conditional on being served, and every
  // type is served. nullopt if the budget cannot pay q_min to all of them.
  // Requires 1 <= served <= types(); a prefix may have a single type.
  std::optional<ScreeningMarket> Prefix(int served) const;

  // The same market in money units where the costliest type is 1. Menus of the
  // two differ only in the scale of the rewards (by cost_types().back()).
  ScreeningMarket Normalized() const;

 private:
  ScreeningMarket() = default;

  int types_ = 0;
  std::array<double, kMaxTypes> cost_types_{};
  std::array<double, kMaxTypes> probabilities_{};
  double value_scale_ = 0.0;
  double value_rate_ = 0.0;
  double cost_curvature_ = 0.0;
  double quality_min_ = 0.0;
  double quality_max_ = 0.0;
  std::int64_t vehicles_ = 1;
  std::optional<double> budget_per_vehicle_;
  bool allow_exclusion_ = false;
};

}  // namespace giot::contract
