#include "trainer/commands/market_flags.h"

#include "absl/flags/flag.h"
#include "absl/strings/str_cat.h"

namespace {
constexpr giot::contract::MarketDistribution kDefault;
}  // namespace

ABSL_FLAG(int, types_min, kDefault.types_min, "fewest types K of a market");
ABSL_FLAG(int, types_max, kDefault.types_max, "most types K of a market");
ABSL_FLAG(double, first_type_min, kDefault.first_type_min, "lowest cost type theta_1, from");
ABSL_FLAG(double, first_type_max, kDefault.first_type_max, "lowest cost type theta_1, to");
ABSL_FLAG(double, last_type_min, kDefault.last_type_min, "highest cost type theta_K, from");
ABSL_FLAG(double, last_type_max, kDefault.last_type_max, "highest cost type theta_K, to");
ABSL_FLAG(double, value_scale_min, kDefault.value_scale_min, "value scale omega, from");
ABSL_FLAG(double, value_scale_max, kDefault.value_scale_max, "value scale omega, to");
ABSL_FLAG(double, value_rate_min, kDefault.value_rate_min, "value rate a (log-uniform), from");
ABSL_FLAG(double, value_rate_max, kDefault.value_rate_max, "value rate a (log-uniform), to");
ABSL_FLAG(double, cost_curvature_max, kDefault.cost_curvature_max, "cost curvature kappa, from 0 to");
ABSL_FLAG(double, quality_min_min, kDefault.quality_min_min, "lowest quality q_min, from");
ABSL_FLAG(double, quality_min_max, kDefault.quality_min_max, "lowest quality q_min, to");
ABSL_FLAG(double, budget_share, kDefault.budget_share, "share of markets that have a budget");

namespace giot::trainer {
namespace {

// low < a <= b < high for an interval [a, b].
absl::Status CheckInterval(const char* name, double from, double to, double low, double high) {
  if (low < from && from <= to && to < high) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("--", name, "_min, --", name, "_max: got ", from, ", ", to, ", want ",
                                                 low, " < min <= max < ", high));
}

absl::Status CheckAtMost(const char* name, double value, double high) {
  if (value >= 0.0 && value <= high) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("--", name, ": got ", value, ", want a value in [0, ", high, "]"));
}

}  // namespace

absl::StatusOr<contract::MarketDistribution> MarketsFromFlags() {
  contract::MarketDistribution d;
  d.types_min = absl::GetFlag(FLAGS_types_min);
  d.types_max = absl::GetFlag(FLAGS_types_max);
  d.first_type_min = absl::GetFlag(FLAGS_first_type_min);
  d.first_type_max = absl::GetFlag(FLAGS_first_type_max);
  d.last_type_min = absl::GetFlag(FLAGS_last_type_min);
  d.last_type_max = absl::GetFlag(FLAGS_last_type_max);
  d.value_scale_min = absl::GetFlag(FLAGS_value_scale_min);
  d.value_scale_max = absl::GetFlag(FLAGS_value_scale_max);
  d.value_rate_min = absl::GetFlag(FLAGS_value_rate_min);
  d.value_rate_max = absl::GetFlag(FLAGS_value_rate_max);
  d.cost_curvature_max = absl::GetFlag(FLAGS_cost_curvature_max);
  d.quality_min_min = absl::GetFlag(FLAGS_quality_min_min);
  d.quality_min_max = absl::GetFlag(FLAGS_quality_min_max);
  d.budget_share = absl::GetFlag(FLAGS_budget_share);

  constexpr double kLarge = 1e6;
  // A budget buys between 1.15 q_min and .9 from everybody.
  constexpr double kQualityMinBelow = 0.78;
  for (const absl::Status& status :
       {CheckInterval("types", d.types_min, d.types_max, 1, contract::kMaxTypes + 1),
        CheckInterval("last_type", d.last_type_min, d.last_type_max, 0.0, kLarge),
        CheckInterval("first_type", d.first_type_min, d.first_type_max, 0.0, d.last_type_min),
        CheckInterval("value_scale", d.value_scale_min, d.value_scale_max, 0.0, kLarge),
        CheckInterval("value_rate", d.value_rate_min, d.value_rate_max, 0.0, kLarge),
        CheckInterval("quality_min", d.quality_min_min, d.quality_min_max, 0.0, kQualityMinBelow),
        CheckAtMost("cost_curvature_max", d.cost_curvature_max, kLarge),
        CheckAtMost("budget_share", d.budget_share, 1.0)}) {
    if (!status.ok()) return status;
  }
  return d;
}

}  // namespace giot::trainer
