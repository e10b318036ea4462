#include "models/uncertain/uncertain_market.h"

#include <cmath>
#include <cstddef>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "models/contract/spec_checks.h"

namespace giot::uncertain {
namespace {

using contract::CheckNotNegative;
using contract::CheckPositive;

// Of a unit of coverage, and of the costliest type: what is narrower is a step, and
// its slope no longer a number to climb by.
constexpr double kLeastWidth = 1e-9;

absl::Status CheckWidth(absl::string_view field, double width, double unit) {
  if (std::isfinite(width) && width >= kLeastWidth * unit) return absl::OkStatus();
  return contract::InvalidField(field, width, absl::StrCat("a finite value >= ", kLeastWidth * unit));
}

absl::Status CheckParameters(const UncertainMarketSpec& spec) {
  if (spec.vehicles < 1 || spec.vehicles > kMaxVehicles) {
    return absl::InvalidArgumentError(absl::StrCat("vehicles: got ", spec.vehicles, ", want 1 to ", kMaxVehicles));
  }
  for (const absl::Status& status :
       {CheckPositive("value_rate", spec.value_rate), CheckNotNegative("cost_curvature", spec.cost_curvature),
        CheckNotNegative("coverage_value", spec.coverage_value),
        CheckNotNegative("threshold_value", spec.threshold_value), CheckPositive("threshold", spec.threshold),
        CheckWidth("threshold_width", spec.threshold_width, 1.0),
        CheckNotNegative("outside_option", spec.outside_option),
        CheckWidth("participation_noise", spec.participation_noise, spec.cost_types.back())}) {
    if (!status.ok()) return status;
  }
  if (spec.coverage_value == 0.0 && spec.threshold_value == 0.0) {
    return contract::InvalidField("coverage_value", 0.0, "a value > 0 where threshold_value is 0");
  }
  return absl::OkStatus();
}

double Sigmoid(double x) { return 1.0 / (1.0 + std::exp(-x)); }

}  // namespace

absl::StatusOr<UncertainMarket> UncertainMarket::Create(const UncertainMarketSpec& spec) {
  if (absl::Status status = contract::CheckTypes(spec.cost_types, spec.probabilities); !status.ok()) return status;
  if (absl::Status status = CheckParameters(spec); !status.ok()) return status;

  UncertainMarket market;
  market.types_ = static_cast<int>(spec.cost_types.size());
  double sum = 0.0;
  for (const double p : spec.probabilities) sum += p;
  for (std::size_t k = 0; k < spec.cost_types.size(); ++k) {
    market.cost_types_[k] = spec.cost_types[k];
    market.probabilities_[k] = spec.probabilities[k] / sum;
  }
  market.value_rate_ = spec.value_rate;
  market.cost_curvature_ = spec.cost_curvature;
  market.vehicles_ = spec.vehicles;
  market.coverage_value_ = spec.coverage_value;
  market.threshold_value_ = spec.threshold_value;
  market.threshold_ = spec.threshold;
  market.threshold_width_ = spec.threshold_width;
  market.outside_option_ = spec.outside_option;
  market.participation_noise_ = spec.participation_noise;
  return market;
}

double UncertainMarket::QualityAtCost(double cost) const {
  return 2.0 * cost / (1.0 + std::sqrt(1.0 + 2.0 * cost_curvature_ * cost));
}

double UncertainMarket::CoverageValue(double coverage) const {
  return coverage_value_ * std::log1p(value_rate_ * coverage) +
         threshold_value_ * Sigmoid((coverage - threshold_) / threshold_width_);
}

double UncertainMarket::Participation(double rent) const {
  return Sigmoid((rent - outside_option_) / participation_noise_);
}

UncertainMarket UncertainMarket::Normalized() const {
  const double unit = cost_types_[static_cast<std::size_t>(types_ - 1)];
  UncertainMarket market = *this;
  for (int k = 0; k < types_; ++k) market.cost_types_[static_cast<std::size_t>(k)] /= unit;
  market.coverage_value_ /= unit;
  market.threshold_value_ /= unit;
  market.outside_option_ /= unit;
  market.participation_noise_ /= unit;
  return market;
}

}  // namespace giot::uncertain
