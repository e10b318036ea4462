#include "server/rpc/convert.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"

namespace giot::rpc {
namespace {

v1::SearchReason ToProto(engine::SearchReason reason) {
  switch (reason) {
    case engine::SearchReason::kOutsideRanges:
      return v1::SEARCH_REASON_OUTSIDE_RANGES;
    case engine::SearchReason::kNoModel:
      return v1::SEARCH_REASON_NO_MODEL;
  }
  return v1::SEARCH_REASON_UNSPECIFIED;
}

}  // namespace

absl::StatusOr<engine::Effort> EffortFrom(const v1::GenerateContractRequest& request, int max_samples) {
  if (request.samples() < 0 || request.samples() > max_samples) {
    return absl::InvalidArgumentError(
        absl::StrCat("samples: got ", request.samples(), ", want 1 to ", max_samples, ", or 0 for 1"));
  }
  if (request.model_version() < 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("model_version: got ", request.model_version(), ", want at least 1, or 0 for the highest"));
  }
  if (request.time_budget_us() < 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("time_budget_us: got ", request.time_budget_us(), ", want at least 0"));
  }
  return engine::Effort{std::max(request.samples(), 1), request.seed(), absl::Microseconds(request.time_budget_us())};
}

absl::Status InMarket(absl::string_view family, const absl::Status& status) {
  return absl::Status(status.code(), absl::StrCat("market.", family, ".", status.message()));
}

void ToProto(const engine::BoundCertificate& from, double vehicles, v1::Certificate& to) {
  to.set_utility(vehicles * from.utility);
  to.set_upper_bound(vehicles * from.upper_bound);
  if (from.bound_ratio) to.set_bound_ratio(*from.bound_ratio);
  to.set_gap(vehicles * (from.upper_bound - from.utility));
  to.set_worst_ir_slack(from.worst_ir_slack);
  to.set_worst_ic_slack(from.worst_ic_slack);
  to.set_participation(std::min(from.participation, 1.0));  // A sum may round up.
  to.set_evaluations(from.evaluations);
  to.set_source(from.search ? v1::MENU_SOURCE_SEARCH : v1::MENU_SOURCE_GDM);
  if (!from.search) return;
  to.set_search_reason(ToProto(from.search->reason));
  to.set_search_reason_text(from.search->text);
}

void ToProto(const engine::Timings& from, v1::Timings& to) {
  to.set_exact_ns(absl::ToInt64Nanoseconds(from.exact));
  to.set_policy_ns(absl::ToInt64Nanoseconds(from.policy));
  to.set_certify_ns(absl::ToInt64Nanoseconds(from.certify));
}

void ToProto(const bundle::Bundle& bundle, v1::ModelIdentity& identity) {
  identity.set_name(bundle.manifest().name);
  identity.set_version(bundle.manifest().version);
  identity.set_digest(bundle.digest());
  identity.set_runner(std::string(bundle.runner().name()));
}

void ToProto(const engine::ModelRegistry& registry, v1::ListModelsResponse& response) {
  for (const engine::ModelRegistry::Entry& entry : registry.entries()) {
    v1::ModelStatus& model = *response.add_models();
    model.mutable_identity()->set_name(entry.id.name);
    model.mutable_identity()->set_version(entry.id.version);
    model.set_ready(entry.bundle != nullptr);
    if (!entry.bundle) {
      model.set_error(entry.status.ToString());
      continue;
    }
    const bundle::Family family = entry.bundle->manifest().family;
    ToProto(*entry.bundle, *model.mutable_identity());
    model.set_family(std::string(bundle::NameOf(family)));
    const auto standard = registry.Find(family, "", 0);
    model.set_is_default(standard.ok() && *standard == entry.bundle);
    model.set_runner_notice(entry.bundle->fast_runner_refusal().value_or(""));
    for (const auto& [name, value] : entry.bundle->manifest().metrics) (*model.mutable_metrics())[name] = value;
  }
}

}  // namespace giot::rpc
