#include "server/engine/freshness_engine.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "models/bundle/anytime_designer.h"
#include "models/freshness/audit.h"
#include "models/freshness/post.h"
#include "models/freshness/upper_bound.h"

namespace giot::engine {
namespace {

using freshness::AuditReport;
using freshness::FreshnessMarket;

absl::StatusOr<bundle::FreshnessDesign> Design(const bundle::Bundle* bundle, const std::optional<SearchCause>& search,
                                               const FreshnessMarket& market, const Effort& effort,
                                               const std::function<bool()>& cancelled) {
  if (search) return bundle::SearchMenu(market, SearchBudget(effort, cancelled), effort.seed);
  const bundle::AnytimeOptions options{effort.samples, effort.seed, PolishBudget(effort)};
  return bundle::DesignMenu(*bundle, market, options, cancelled);
}

BoundCertificate Certify(const AuditReport& audit, double upper_bound) {
  BoundCertificate certificate;
  certificate.utility = audit.utility_per_vehicle;
  certificate.upper_bound = upper_bound;
  if (upper_bound > 0.0) certificate.bound_ratio = audit.utility_per_vehicle / upper_bound;
  certificate.worst_ir_slack = audit.worst_ir_slack;
  certificate.worst_ic_slack = audit.worst_ic_slack;
  certificate.participation = audit.realised.participation;
  return certificate;
}

}  // namespace

absl::StatusOr<FreshnessAnswer> Generate(const bundle::Bundle* bundle, const std::optional<SearchCause>& search,
                                         const FreshnessMarket& market, const Effort& effort,
                                         const std::function<bool()>& cancelled) {
  FreshnessAnswer answer;
  std::optional<Stopwatch> watch(answer.timings.exact);
  const double upper_bound = freshness::FirstBestUtility(market);

  watch.emplace(answer.timings.policy);
  const auto design = Design(bundle, search, market, effort, cancelled);
  if (!design.ok()) return design.status();
  if (cancelled && cancelled()) return absl::CancelledError("while the menu was improved");

  watch.emplace(answer.timings.certify);
  absl::StatusOr<freshness::PostedMenu> posted = freshness::Post(market, design->menu);
  if (!posted.ok()) return posted.status();
  const AuditReport audit = freshness::Audit(market, *posted);
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
