#include "models/freshness/freshness_market.h"

#include <algorithm>
#include <cmath>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "models/contract/spec_checks.h"

namespace giot::freshness {
namespace {

using contract::CheckNotNegative;
using contract::CheckPositive;
using contract::InvalidField;

constexpr double kProbabilitySumTolerance = 1e-6;

absl::Status CheckSizes(const FreshnessMarketSpec& spec) {
  const std::size_t types = spec.sensing_costs.size();
  if (types < 2 || types > static_cast<std::size_t>(kMaxTypes)) {
    return absl::InvalidArgumentError(absl::StrCat("sensing_costs: got ", types, " types, want 2 to ", kMaxTypes));
  }
  if (spec.update_costs.size() != types) {
    return absl::InvalidArgumentError(absl::StrCat("update_costs: got ", spec.update_costs.size(),
                                                   " values, want one for each of ", types, " sensing_costs"));
  }
  if (spec.probabilities.size() != types) {
    return absl::InvalidArgumentError(absl::StrCat("probabilities: got ", spec.probabilities.size(),
                                                   " values, want one for each of ", types, " sensing_costs"));
  }
  return absl::OkStatus();
}

absl::Status CheckCosts(absl::string_view field, absl::Span<const double> costs) {
  for (std::size_t t = 0; t < costs.size(); ++t) {
    if (absl::Status status = CheckPositive(absl::StrCat(field, "[", t, "]"), costs[t]); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status CheckTypesDiffer(const FreshnessMarketSpec& spec) {
  for (std::size_t t = 1; t < spec.sensing_costs.size(); ++t) {
    for (std::size_t s = 0; s < t; ++s) {
      if (spec.sensing_costs[s] != spec.sensing_costs[t] || spec.update_costs[s] != spec.update_costs[t]) continue;
      return absl::InvalidArgumentError(absl::StrCat("sensing_costs[", t, "]: got type (", spec.sensing_costs[t], ", ",
                                                     spec.update_costs[t], "), which is type ", s,
                                                     ", want types that differ in a cost"));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckProbabilities(absl::Span<const double> probabilities) {
  double sum = 0.0;
  for (std::size_t t = 0; t < probabilities.size(); ++t) {
    const double p = probabilities[t];
    if (!std::isfinite(p) || p <= 0.0 || p > 1.0) {
      return InvalidField(absl::StrCat("probabilities[", t, "]"), p, "a value in (0, 1]");
    }
    sum += p;
  }
  if (std::abs(sum - 1.0) <= kProbabilitySumTolerance) return absl::OkStatus();
  return InvalidField("probabilities", sum, "a sum of 1 within 1e-6");
}

absl::Status CheckParameters(const FreshnessMarketSpec& spec) {
  if (absl::Status status = CheckPositive("value_scale", spec.value_scale); !status.ok()) return status;
  if (absl::Status status = CheckPositive("value_rate", spec.value_rate); !status.ok()) return status;
  if (absl::Status status = CheckNotNegative("staleness_rate", spec.staleness_rate); !status.ok()) return status;
  if (spec.vehicles < 1) {
    return absl::InvalidArgumentError(absl::StrCat("vehicles: got ", spec.vehicles, ", want at least 1"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<FreshnessMarket> FreshnessMarket::Create(const FreshnessMarketSpec& spec) {
  if (absl::Status status = CheckSizes(spec); !status.ok()) return status;
  if (absl::Status status = CheckCosts("sensing_costs", spec.sensing_costs); !status.ok()) return status;
  if (absl::Status status = CheckCosts("update_costs", spec.update_costs); !status.ok()) return status;
  if (absl::Status status = CheckTypesDiffer(spec); !status.ok()) return status;
  if (absl::Status status = CheckProbabilities(spec.probabilities); !status.ok()) return status;
  if (absl::Status status = CheckParameters(spec); !status.ok()) return status;

  FreshnessMarket market;
  market.types_ = static_cast<int>(spec.sensing_costs.size());
  double sum = 0.0;
  for (const double p : spec.probabilities) sum += p;
  for (std::size_t t = 0; t < spec.sensing_costs.size(); ++t) {
    market.sensing_costs_[t] = spec.sensing_costs[t];
    market.update_costs_[t] = spec.update_costs[t];
    market.probabilities_[t] = spec.probabilities[t] / sum;
    market.largest_sensing_cost_ = std::max(market.largest_sensing_cost_, spec.sensing_costs[t]);
    market.largest_update_cost_ = std::max(market.largest_update_cost_, spec.update_costs[t]);
  }
  market.value_scale_ = spec.value_scale;
  market.value_rate_ = spec.value_rate;
  market.staleness_rate_ = spec.staleness_rate;
  market.vehicles_ = spec.vehicles;
  return market;
}

double FreshnessMarket::Freshness(double update_rate) const {
  return std::exp(-staleness_rate_ * (1.0 / (update_rate + kAgeOffset) - kFreshestAge));
}

double FreshnessMarket::Value(double quality, double update_rate) const {
  return value_scale_ * std::log(1.0 + value_rate_ * quality) * Freshness(update_rate);
}

FreshnessMarket FreshnessMarket::Normalized() const {
  const double unit = largest_sensing_cost_;
  FreshnessMarket market = *this;
  for (int t = 0; t < types_; ++t) {
    market.sensing_costs_[static_cast<std::size_t>(t)] /= unit;
    market.update_costs_[static_cast<std::size_t>(t)] /= unit;
  }
  market.largest_sensing_cost_ = 1.0;
  market.largest_update_cost_ /= unit;
  market.value_scale_ /= unit;
  return market;
}

}  // namespace giot::freshness
