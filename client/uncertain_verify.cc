#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "client/certificate_check.h"
#include "client/conversion.h"
#include "client/verify.h"
#include "models/uncertain/audit.h"
#include "models/uncertain/scenarios.h"
#include "models/uncertain/upper_bound.h"

namespace giot::client {
namespace {

absl::Status CheckMenu(const uncertain::AuditReport& audit) {
  if (!audit.Feasible(0.0)) {
    return absl::DataLossError(absl::StrCat("menu: infeasible: worst IR slack ", audit.worst_ir_slack,
                                            ", worst IC slack ", audit.worst_ic_slack, ", within bounds ",
                                            audit.within_bounds));
  }
  if (audit.truthful < 1.0 - kTolerance) {
    return absl::DataLossError(absl::StrCat("menu: only ", audit.truthful, " of vehicles pick their own item"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status VerifyCertificate(const uncertain::UncertainMarket& market, const v1::GenerateContractResponse& reply) {
  const absl::StatusOr<contract::PostedMenu> menu = MenuFromProto(reply);
  if (!menu.ok()) return menu.status();
  if (menu->size() != market.types()) {
    return absl::DataLossError(
        absl::StrCat("menu: got ", menu->size(), " items, want one for each of the ", market.types(), " types"));
  }
  const uncertain::Scenarios scenarios(market);
  const uncertain::AuditReport audit = uncertain::Audit(market, scenarios, *menu);
  if (auto status = CheckMenu(audit); !status.ok()) return status;
  const BoundFacts facts{.utility = audit.utility_per_vehicle,
                         .upper_bound = uncertain::UtilityUpperBound(market, scenarios),
                         .worst_ir_slack = audit.worst_ir_slack,
                         .worst_ic_slack = audit.worst_ic_slack,
                         .participation = audit.participation};
  const double scale = std::max({std::abs(facts.upper_bound), std::abs(facts.utility), market.cost_types().back()});
  return CheckBoundCertificate(reply.certificate(), facts, static_cast<double>(market.vehicles()), scale);
}

}  // namespace giot::client
