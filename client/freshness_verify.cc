#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "client/certificate_check.h"
#include "client/conversion.h"
#include "client/verify.h"
#include "models/freshness/audit.h"
#include "models/freshness/upper_bound.h"

namespace giot::client {
namespace {

absl::Status CheckMenu(const freshness::AuditReport& audit) {
  if (!audit.Feasible(0.0)) {
    return absl::DataLossError(absl::StrCat("menu: infeasible: worst IR slack ", audit.worst_ir_slack,
                                            ", worst IC slack ", audit.worst_ic_slack, ", within bounds ",
                                            audit.within_bounds));
  }
  if (audit.realised.truthful < 1.0 - kTolerance) {
    return absl::DataLossError(absl::StrCat("menu: only ", audit.realised.truthful, " of vehicles pick as stated"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status VerifyCertificate(const freshness::FreshnessMarket& market, const v1::GenerateContractResponse& reply) {
  const absl::StatusOr<freshness::PostedMenu> menu = FreshnessMenuFromProto(reply, market.types());
  if (!menu.ok()) return menu.status();
  const freshness::AuditReport audit = freshness::Audit(market, *menu);
  if (auto status = CheckMenu(audit); !status.ok()) return status;
  const BoundFacts facts{.utility = audit.utility_per_vehicle,
                         .upper_bound = freshness::FirstBestUtility(market),
                         .worst_ir_slack = audit.worst_ir_slack,
                         .worst_ic_slack = audit.worst_ic_slack,
                         .participation = audit.realised.participation};
  const double scale = std::max({std::abs(facts.upper_bound), std::abs(facts.utility), market.money_scale()});
  return CheckBoundCertificate(reply.certificate(), facts, static_cast<double>(market.vehicles()), scale);
}

}  // namespace giot::client
