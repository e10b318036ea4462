#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace giot::freshness {

// Most types a market and most items a menu may have; they size every fixed
// buffer on the hot path.
inline constexpr int kMaxTypes = 25;
inline constexpr int kMaxItems = 16;

// The age of information that an update rate f yields is 1 / (f + kAgeOffset);
// kFreshestAge is that of f = 1.
inline constexpr double kAgeOffset = 0.05;
inline constexpr double kFreshestAge = 1.0 / (1.0 + kAgeOffset);

// A freshness market as a caller states it, not yet validated. The spans are
// only read during FreshnessMarket::Create.
struct FreshnessMarketSpec {
  absl::Span<const double> sensing_costs;  // theta_t, money per unit of quality.
  absl::Span<const double> update_costs;   // delta_t, money per unit of update rate.
  absl::Span<const double> probabilities;  // p_t, share of type t among vehicles.
  double value_scale = 0.0;                // omega, money.
  double value_rate = 0.0;                 // a, per unit of quality.
  double staleness_rate = 0.0;             // alpha >= 0, per unit of age.
  std::int64_t vehicles = 1;               // M >= 1.
};

// A market with two-dimensional private types: T pairs of sensing and update
// cost, in any order. An item asks quality q and update rate f, both in [0, 1],
// and pays reward r.
//   vehicle utility  r - theta_t q - delta_t f
//   server utility   M sum_t p_t [V(q_t, f_t) - r_t]  over the types that take part
//   V(q, f) = omega ln(1 + a q) exp(-alpha (AoI(f) - AoI(1))),  AoI(f) = 1 / (f + .05)
// Any type may opt out: both utilities are then 0. There is no closed form
// (multidimensional screening, Rochet and Chone 1998).
// Immutable, copied freely (no heap), safe to share between threads.
class FreshnessMarket {
 public:
  // InvalidArgument, naming the field, what it got and what it wanted, if T is
  // not in 2..kMaxTypes, the sizes differ, a value is not finite, costs are not
  // positive, two types are equal in both costs, probabilities are not positive
  // or do not sum to 1 within 1e-6, or a parameter is out of the range stated
  // beside it. Probabilities are renormalised.
  static absl::StatusOr<FreshnessMarket> Create(const FreshnessMarketSpec& spec);

  int types() const { return types_; }
  absl::Span<const double> sensing_costs() const { return {sensing_costs_.data(), Count()}; }
  absl::Span<const double> update_costs() const { return {update_costs_.data(), Count()}; }
  absl::Span<const double> probabilities() const { return {probabilities_.data(), Count()}; }
  double value_scale() const { return value_scale_; }
  double value_rate() const { return value_rate_; }
  double staleness_rate() const { return staleness_rate_; }
  std::int64_t vehicles() const { return vehicles_; }

  // theta_t q + delta_t f.
  double Cost(int type, double quality, double update_rate) const {
    const auto t = static_cast<std::size_t>(type);
    return sensing_costs_[t] * quality + update_costs_[t] * update_rate;
  }
  // exp(-alpha (AoI(f) - AoI(1))), in (0, 1]; f in [0, 1].
  double Freshness(double update_rate) const;
  // V(q, f), money; q and f in [0, 1].
  double Value(double quality, double update_rate) const;

  // max theta + max delta, money: what the item (1, 1) costs a vehicle that is
  // worst in both. No least reward exceeds it, so it is the scale to which
  // tolerances are relative.
  double money_scale() const { return largest_sensing_cost_ + largest_update_cost_; }

  // (max theta - theta_t) + (max delta - delta_t), money: the most that type t
  // earns in any menu of least rewards. Utility falls in both costs, by at most 1
  // for each unit of cost, and is 0 for a vehicle that is worst in both.
  double LargestRent(int type) const {
    const auto t = static_cast<std::size_t>(type);
    return (largest_sensing_cost_ - sensing_costs_[t]) + (largest_update_cost_ - update_costs_[t]);
  }

  // The same market in money units where the largest sensing cost is 1. Menus of
  // the two differ only in the scale of the rewards (by that cost).
  FreshnessMarket Normalized() const;

 private:
  FreshnessMarket() = default;
  std::size_t Count() const { return static_cast<std::size_t>(types_); }

  int types_ = 0;
  std::array<double, kMaxTypes> sensing_costs_{};
  std::array<double, kMaxTypes> update_costs_{};
  std::array<double, kMaxTypes> probabilities_{};
  double largest_sensing_cost_ = 0.0;
  double largest_update_cost_ = 0.0;
  double value_scale_ = 0.0;
  double value_rate_ = 0.0;
  double staleness_rate_ = 0.0;
  std::int64_t vehicles_ = 1;
};

}  // namespace giot::freshness
