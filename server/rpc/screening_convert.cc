#include "server/rpc/screening_convert.h"

#include <algorithm>
#include <cmath>

#include "server/rpc/convert.h"

namespace giot::rpc {
namespace {

v1::ExactReason ToProto(engine::ExactReason reason) {
  switch (reason) {
    case engine::ExactReason::kOutsideRanges:
      return v1::EXACT_REASON_OUTSIDE_RANGES;
    case engine::ExactReason::kOptimumNotPositive:
      return v1::EXACT_REASON_OPTIMUM_NOT_POSITIVE;
    case engine::ExactReason::kBelowFloor:
      return v1::EXACT_REASON_BELOW_FLOOR;
    case engine::ExactReason::kSingleType:
      return v1::EXACT_REASON_SINGLE_TYPE;
    case engine::ExactReason::kAuditFailed:
      return v1::EXACT_REASON_AUDIT_FAILED;
  }
  return v1::EXACT_REASON_UNSPECIFIED;
}

void Fill(const engine::Certificate& from, double vehicles, v1::Certificate& to) {
  to.set_utility(vehicles * from.audit.utility_per_vehicle);
  to.set_optimal_utility(vehicles * from.optimal_utility);
  if (from.ratio) to.set_ratio(*from.ratio);
  to.set_gap(vehicles * (from.optimal_utility - from.audit.utility_per_vehicle));
  to.set_worst_ir_slack(from.audit.worst_ir_slack);
  to.set_worst_ic_slack(from.audit.worst_ic_slack);
  if (std::isfinite(from.audit.budget_slack)) to.set_budget_slack(vehicles * from.audit.budget_slack);
  to.set_source(from.exact ? v1::MENU_SOURCE_EXACT : v1::MENU_SOURCE_GDM);
  if (from.exact) {
    to.set_exact_reason(ToProto(*from.exact));
    to.set_exact_reason_text(from.exact_text);
  }
  to.set_participation(std::min(from.audit.realised.participation, 1.0));  // A sum may round up.
  if (from.policy_ratio) to.set_policy_ratio(*from.policy_ratio);
}

}  // namespace

absl::StatusOr<contract::ScreeningMarket> MarketFrom(const v1::ScreeningMarket& message) {
  contract::ScreeningMarketSpec spec;
  spec.cost_types = message.cost_types();
  spec.probabilities = message.probabilities();
  spec.value_scale = message.value_scale();
  spec.value_rate = message.value_rate();
  spec.cost_curvature = message.cost_curvature();
  spec.quality_min = message.quality_min();
  if (message.has_quality_max()) spec.quality_max = message.quality_max();
  if (message.has_vehicles()) spec.vehicles = message.vehicles();
  if (message.has_budget()) spec.budget = message.budget();
  spec.allow_exclusion = message.allow_exclusion();
  absl::StatusOr<contract::ScreeningMarket> market = contract::ScreeningMarket::Create(spec);
  if (!market.ok()) return InMarket("screening", market.status());
  return market;
}

void ToProto(const engine::Answer& answer, const contract::ScreeningMarket& market,
             v1::GenerateContractResponse& response) {
  response.mutable_menu()->Reserve(answer.menu.size());
  for (const contract::PostedItem& item : answer.menu.items()) {
    v1::ContractItem* to = response.add_menu();
    to->set_quality_micros(item.quality_micros);
    to->set_reward_micros(item.reward_micros);
  }
  Fill(answer.certificate, static_cast<double>(market.vehicles()), *response.mutable_certificate());
  ToProto(answer.timings, *response.mutable_timings());
}

}  // namespace giot::rpc
