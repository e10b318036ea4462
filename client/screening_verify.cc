#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "client/certificate_check.h"
#include "client/conversion.h"
#include "client/verify.h"
#include "models/contract/audit.h"
#include "models/contract/exact.h"

namespace giot::client {
namespace {

absl::Status CheckMenu(const contract::ScreeningMarket& market, const contract::PostedMenu& menu,
                       const contract::AuditReport& audit) {
  if (menu.size() < market.types() && !market.allow_exclusion()) {
    return absl::DataLossError(absl::StrCat("menu: got ", menu.size(), " items, want one for each of the ",
                                            market.types(), " types, none of which may be left out"));
  }
  if (!audit.Feasible(0.0)) {
    return absl::DataLossError(absl::StrCat("menu: infeasible: worst IR slack ", audit.worst_ir_slack,
                                            ", worst IC slack ", audit.worst_ic_slack, ", budget slack ",
                                            audit.budget_slack, ", within bounds ", audit.within_bounds));
  }
  if (audit.realised.truthful < 1.0 - kTolerance) {
    return absl::DataLossError(
        absl::StrCat("menu: only ", audit.realised.truthful, " of vehicles pick their own item"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status VerifyCertificate(const contract::ScreeningMarket& market, const v1::GenerateContractResponse& reply) {
  const absl::StatusOr<contract::PostedMenu> menu = MenuFromProto(reply);
  if (!menu.ok()) return menu.status();
  if (menu->size() > market.types()) {
    return absl::DataLossError(
        absl::StrCat("menu: got ", menu->size(), " items, want at most ", market.types(), ", one a type"));
  }
  const contract::AuditReport audit = contract::Audit(market, *menu);
  if (auto status = CheckMenu(market, *menu, audit); !status.ok()) return status;

  const v1::Certificate& stated = reply.certificate();
  const auto vehicles = static_cast<double>(market.vehicles());
  const double optimum = contract::SolveExact(market).utility_per_vehicle;
  const double scale = std::max({std::abs(optimum), std::abs(audit.utility_per_vehicle), market.value_scale()});
  const double money = kTolerance * scale;
  absl::Status status =
      CheckStated("utility", stated.utility(), vehicles * audit.utility_per_vehicle, vehicles * money);
  status.Update(CheckStated("optimal_utility", stated.optimal_utility(), vehicles * optimum, vehicles * money));
  status.Update(CheckStated("gap", stated.gap(), vehicles * (optimum - audit.utility_per_vehicle), vehicles * money));
  status.Update(CheckStated("worst_ir_slack", stated.worst_ir_slack(), audit.worst_ir_slack, money));
  status.Update(CheckStated("worst_ic_slack", stated.worst_ic_slack(), audit.worst_ic_slack, money));
  if (stated.has_ratio()) {
    status.Update(CheckStated("ratio", stated.ratio(), audit.utility_per_vehicle / optimum, kTolerance));
  }
  if (stated.has_participation()) {
    status.Update(CheckStated("participation", stated.participation(), audit.realised.participation, kTolerance));
  }
  return status;
}

}  // namespace giot::client
