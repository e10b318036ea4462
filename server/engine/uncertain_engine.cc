#include "server/engine/uncertain_engine.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "models/bundle/anytime_designer.h"
#include "models/uncertain/audit.h"
#include "models/uncertain/post.h"
#include "models/uncertain/scenarios.h"
#include "models/uncertain/upper_bound.h"

namespace giot::engine {
namespace {

using uncertain::AuditReport;
using uncertain::Scenarios;
using uncertain::UncertainMarket;

absl::StatusOr<bundle::UncertainDesign> Design(const bundle::Bundle* bundle, const std::optional<SearchCause>& search,
                                               const UncertainMarket& market, const Scenarios& scenarios,
                                               const Effort& effort, const std::function<bool()>& cancelled) {
  if (search) return bundle::SearchMenu(market, scenarios, SearchBudget(effort, cancelled), effort.seed);
  const bundle::AnytimeOptions options{effort.samples, effort.seed, PolishBudget(effort)};
  return bundle::DesignMenu(*bundle, market, scenarios, options, cancelled);
}

BoundCertificate Certify(const AuditReport& audit, double upper_bound) {
  BoundCertificate certificate;
  certificate.utility = audit.utility_per_vehicle;
  certificate.upper_bound = upper_bound;
  if (upper_bound > 0.0) certificate.bound_ratio = audit.utility_per_vehicle / upper_bound;
  certificate.worst_ir_slack = audit.worst_ir_slack;
  certificate.worst_ic_slack = audit.worst_ic_slack;
  certificate.participation = audit.participation;
  return certificate;
}

}  // namespace

absl::StatusOr<UncertainAnswer> Generate(const bundle::Bundle* bundle, const std::optional<SearchCause>& search,
                                         const UncertainMarket& market, const Effort& effort,
                                         const std::function<bool()>& cancelled) {
  UncertainAnswer answer;
  std::optional<Stopwatch> watch(answer.timings.exact);
  const Scenarios scenarios(market);
  const double upper_bound = uncertain::UtilityUpperBound(market, scenarios);

  watch.emplace(answer.timings.policy);
  const auto design = Design(bundle, search, market, scenarios, effort, cancelled);
  if (!design.ok()) return design.status();
  if (cancelled && cancelled()) return absl::CancelledError("while the menu was improved");

  watch.emplace(answer.timings.certify);
  absl::StatusOr<contract::PostedMenu> posted = uncertain::Post(market, design->menu);
  if (!posted.ok()) return posted.status();
  const AuditReport audit = uncertain::Audit(market, scenarios, *posted);
  if (!audit.Feasible(0.0)) {
    return absl::InternalError(absl::StrCat("posted menu fails its audit: IR slack ", audit.worst_ir_slack,
                                            ", IC slack ", audit.worst_ic_slack));
  }
  answer.menu = *std::move(posted);
  answer.certificate = Certify(audit, upper_bound);
  answer.certificate.evaluations = design->evaluations;
  answer.certificate.search = search;
  watch.reset();
  return answer;
}

}  // namespace giot::engine
