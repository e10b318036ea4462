#include "server/rpc/convert.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "absl/strings/str_cat.h"

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
  if (from.policy_ratio) to.set_policy_ratio(*from.policy_ratio);
}

void Fill(const bundle::Bundle& bundle, v1::ModelIdentity& identity) {
  identity.set_name(bundle.manifest().name);
  identity.set_version(bundle.manifest().version);
  identity.set_digest(bundle.digest());
  identity.set_runner(std::string(bundle.runner().name()));
}

}  // namespace

absl::StatusOr<contract::ScreeningMarket> MarketFrom(const v1::GenerateContractRequest& request) {
  if (!request.has_screening()) return absl::InvalidArgumentError("market: got none, want market.screening");
  const v1::ScreeningMarket& market = request.screening();
  contract::ScreeningMarketSpec spec;
  spec.cost_types = market.cost_types();
  spec.probabilities = market.probabilities();
  spec.value_scale = market.value_scale();
  spec.value_rate = market.value_rate();
  spec.cost_curvature = market.cost_curvature();
  spec.quality_min = market.quality_min();
  if (market.has_quality_max()) spec.quality_max = market.quality_max();
  if (market.has_vehicles()) spec.vehicles = market.vehicles();
  if (market.has_budget()) spec.budget = market.budget();
  spec.allow_exclusion = market.allow_exclusion();
  absl::StatusOr<contract::ScreeningMarket> valid = contract::ScreeningMarket::Create(spec);
  if (!valid.ok())
    return absl::Status(valid.status().code(), absl::StrCat("market.screening.", valid.status().message()));
  return valid;
}

absl::StatusOr<bundle::DesignOptions> DesignOptionsFrom(const v1::GenerateContractRequest& request, int max_samples) {
  if (request.samples() < 0 || request.samples() > max_samples) {
    return absl::InvalidArgumentError(
        absl::StrCat("samples: got ", request.samples(), ", want 1 to ", max_samples, ", or 0 for 1"));
  }
  if (request.model_version() < 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("model_version: got ", request.model_version(), ", want at least 1, or 0 for the highest"));
  }
  return bundle::DesignOptions{std::max(request.samples(), 1), request.seed()};
}

void ToProto(const engine::Answer& answer, const contract::ScreeningMarket& market, const bundle::Bundle& bundle,
             v1::GenerateContractResponse& response) {
  response.mutable_menu()->Reserve(answer.menu.size());
  for (const contract::PostedItem& item : answer.menu.items()) {
    v1::ContractItem* to = response.add_menu();
    to->set_quality_micros(item.quality_micros);
    to->set_reward_micros(item.reward_micros);
  }
  Fill(answer.certificate, static_cast<double>(market.vehicles()), *response.mutable_certificate());
  Fill(bundle, *response.mutable_model());
  v1::Timings& timings = *response.mutable_timings();
  timings.set_exact_ns(absl::ToInt64Nanoseconds(answer.timings.exact));
  timings.set_policy_ns(absl::ToInt64Nanoseconds(answer.timings.policy));
  timings.set_certify_ns(absl::ToInt64Nanoseconds(answer.timings.certify));
}

void ToProto(const engine::ModelRegistry& registry, v1::ListModelsResponse& response) {
  const auto standard = registry.Find("", 0);
  for (const engine::ModelRegistry::Entry& entry : registry.entries()) {
    v1::ModelStatus& model = *response.add_models();
    model.mutable_identity()->set_name(entry.id.name);
    model.mutable_identity()->set_version(entry.id.version);
    model.set_ready(entry.bundle != nullptr);
    if (!entry.bundle) {
      model.set_error(entry.status.ToString());
      continue;
    }
    Fill(*entry.bundle, *model.mutable_identity());
    model.set_is_default(standard.ok() && *standard == entry.bundle);
    model.set_runner_notice(entry.bundle->fast_runner_refusal().value_or(""));
    for (const auto& [name, value] : entry.bundle->manifest().metrics) (*model.mutable_metrics())[name] = value;
  }
}

}  // namespace giot::rpc
