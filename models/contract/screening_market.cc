#include "models/contract/screening_market.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "models/contract/spec_checks.h"

namespace giot::contract {
namespace {

// Posted qualities have this resolution; who delivers less opts out.
constexpr double kLeastQuality = 1e-6;
// A budget that was divided by a number of vehicles may miss its edge by this.
constexpr double kBudgetTolerance = 1e-12;

absl::Status CheckParameters(const ScreeningMarketSpec& spec) {
  if (absl::Status status = CheckPositive("value_scale", spec.value_scale); !status.ok()) return status;
  if (absl::Status status = CheckPositive("value_rate", spec.value_rate); !status.ok()) return status;
  if (absl::Status status = CheckNotNegative("cost_curvature", spec.cost_curvature); !status.ok()) return status;
  if (!(spec.quality_max > kLeastQuality && spec.quality_max <= 1.0)) {
    return InvalidField("quality_max", spec.quality_max, "a value in (1e-6, 1]");
  }
  if (!(spec.quality_min >= kLeastQuality && spec.quality_min < spec.quality_max)) {
    return InvalidField("quality_min", spec.quality_min, absl::StrCat("a value in [1e-6, ", spec.quality_max, ")"));
  }
  if (spec.vehicles < 1) {
    return absl::InvalidArgumentError(absl::StrCat("vehicles: got ", spec.vehicles, ", want at least 1"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<ScreeningMarket> ScreeningMarket::Create(const ScreeningMarketSpec& spec) {
  if (absl::Status status = CheckTypes(spec.cost_types, spec.probabilities); !status.ok()) return status;
  if (absl::Status status = CheckParameters(spec); !status.ok()) return status;

  ScreeningMarket market;
  market.types_ = static_cast<int>(spec.cost_types.size());
  double sum = 0.0;
  for (const double p : spec.probabilities) sum += p;
  for (std::size_t k = 0; k < spec.cost_types.size(); ++k) {
    market.cost_types_[k] = spec.cost_types[k];
    market.probabilities_[k] = spec.probabilities[k] / sum;
  }
  market.value_scale_ = spec.value_scale;
  market.value_rate_ = spec.value_rate;
  market.cost_curvature_ = spec.cost_curvature;
  market.quality_min_ = spec.quality_min;
  market.quality_max_ = spec.quality_max;
  market.vehicles_ = spec.vehicles;
  market.allow_exclusion_ = spec.allow_exclusion;
  if (!spec.budget) return market;

  const auto vehicles = static_cast<double>(spec.vehicles);
  const double least =
      vehicles * market.Cost(spec.quality_min) *
      (spec.allow_exclusion ? market.probabilities_[0] * market.cost_types_[0] : spec.cost_types.back());
  if (!std::isfinite(*spec.budget) || *spec.budget < least * (1.0 - kBudgetTolerance)) {
    return InvalidField(
        "budget", *spec.budget,
        absl::StrCat("a finite value >= ", least, ", which pays quality_min to every type that must be served"));
  }
  market.budget_per_vehicle_ = *spec.budget / vehicles;
  return market;
}

double ScreeningMarket::QualityAtCost(double cost) const {
  return 2.0 * cost / (1.0 + std::sqrt(1.0 + 2.0 * cost_curvature_ * cost));
}

double ScreeningMarket::Value(double quality) const { return value_scale_ * std::log1p(value_rate_ * quality); }

std::optional<ScreeningMarket> ScreeningMarket::Prefix(int served) const {
  const auto count = static_cast<std::size_t>(served);
  double share = 0.0;
  for (std::size_t k = 0; k < count; ++k) share += probabilities_[k];
  if (served == types_) share = 1.0;
  ScreeningMarket market = *this;
  market.types_ = served;
  market.allow_exclusion_ = false;
  std::fill(market.cost_types_.begin() + served, market.cost_types_.end(), 0.0);
  std::fill(market.probabilities_.begin() + served, market.probabilities_.end(), 0.0);
  for (std::size_t k = 0; k < count; ++k) market.probabilities_[k] /= share;
  if (budget_per_vehicle_) {
    market.budget_per_vehicle_ = *budget_per_vehicle_ / share;
    const double least = market.cost_types_[count - 1] * Cost(quality_min_);
    if (*market.budget_per_vehicle_ < least * (1.0 - kBudgetTolerance)) return std::nullopt;
  }
  return market;
}

ScreeningMarket ScreeningMarket::Normalized() const {
  const double unit = cost_types_[static_cast<std::size_t>(types_ - 1)];
  ScreeningMarket market = *this;
  for (int k = 0; k < types_; ++k) market.cost_types_[static_cast<std::size_t>(k)] /= unit;
  market.value_scale_ /= unit;
  if (market.budget_per_vehicle_) *market.budget_per_vehicle_ /= unit;
  return market;
}

}  // namespace giot::contract
