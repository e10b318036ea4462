#include "tests/client/honest_reply.h"

#include <cstddef>
#include <vector>

#include "models/contract/audit.h"
#include "models/contract/exact.h"
#include "models/contract/post.h"
#include "models/freshness/audit.h"
#include "models/freshness/feasible_decode.h"
#include "models/freshness/post.h"
#include "models/freshness/upper_bound.h"
#include "models/uncertain/audit.h"
#include "models/uncertain/feasible_decode.h"
#include "models/uncertain/post.h"
#include "models/uncertain/upper_bound.h"

namespace giot::client {
namespace {

void AddItems(const contract::PostedMenu& menu, v1::GenerateContractResponse& reply) {
  for (const contract::PostedItem& item : menu.items()) {
    v1::ContractItem& added = *reply.add_menu();
    added.set_quality_micros(item.quality_micros);
    added.set_reward_micros(item.reward_micros);
  }
}

// Money a vehicle.
void SetWorth(double utility, double upper_bound, double vehicles, v1::Certificate& certificate) {
  certificate.set_utility(vehicles * utility);
  certificate.set_upper_bound(vehicles * upper_bound);
  certificate.set_bound_ratio(utility / upper_bound);
  certificate.set_gap(vehicles * (upper_bound - utility));
  certificate.set_evaluations(1);
  certificate.set_source(v1::MENU_SOURCE_GDM);
}

}  // namespace

v1::GenerateContractResponse HonestReply(const contract::ScreeningMarket& market) {
  const contract::ExactSolution exact = contract::SolveExact(market);
  const contract::PostedMenu menu = *contract::Post(market, exact.menu);
  const contract::AuditReport audit = contract::Audit(market, menu);
  const auto vehicles = static_cast<double>(market.vehicles());
  v1::GenerateContractResponse reply;
  AddItems(menu, reply);
  v1::Certificate& certificate = *reply.mutable_certificate();
  certificate.set_utility(vehicles * audit.utility_per_vehicle);
  certificate.set_optimal_utility(vehicles * exact.utility_per_vehicle);
  certificate.set_gap(vehicles * (exact.utility_per_vehicle - audit.utility_per_vehicle));
  certificate.set_worst_ir_slack(audit.worst_ir_slack);
  certificate.set_worst_ic_slack(audit.worst_ic_slack);
  certificate.set_source(v1::MENU_SOURCE_EXACT);
  return reply;
}

v1::GenerateContractResponse HonestReply(const uncertain::UncertainMarket& market) {
  const uncertain::Scenarios scenarios(market);
  const std::vector<double> levels(2 * static_cast<std::size_t>(market.types()), 0.0);
  const contract::PostedMenu menu = *uncertain::Post(market, uncertain::DecodeLevels(market, levels));
  const uncertain::AuditReport audit = uncertain::Audit(market, scenarios, menu);
  v1::GenerateContractResponse reply;
  AddItems(menu, reply);
  v1::Certificate& certificate = *reply.mutable_certificate();
  SetWorth(audit.utility_per_vehicle, uncertain::UtilityUpperBound(market, scenarios),
           static_cast<double>(market.vehicles()), certificate);
  certificate.set_worst_ir_slack(audit.worst_ir_slack);
  certificate.set_worst_ic_slack(audit.worst_ic_slack);
  certificate.set_participation(audit.participation);
  return reply;
}

v1::GenerateContractResponse HonestReply(const freshness::FreshnessMarket& market) {
  const std::vector<double> levels(3 * static_cast<std::size_t>(market.types()), 0.0);
  const freshness::PostedMenu menu = *freshness::Post(market, freshness::DecodeLevels(market, levels).menu);
  const freshness::AuditReport audit = freshness::Audit(market, menu);
  v1::GenerateContractResponse reply;
  for (const freshness::PostedItem& item : menu.items()) {
    v1::ContractItem& added = *reply.add_menu();
    added.set_quality_micros(item.quality_micros);
    added.set_update_rate_micros(item.update_rate_micros);
    added.set_reward_micros(item.reward_micros);
  }
  for (int t = 0; t < market.types(); ++t) reply.add_choice(menu.choice(t));
  v1::Certificate& certificate = *reply.mutable_certificate();
  SetWorth(audit.utility_per_vehicle, freshness::FirstBestUtility(market), static_cast<double>(market.vehicles()),
           certificate);
  certificate.set_worst_ir_slack(audit.worst_ir_slack);
  certificate.set_worst_ic_slack(audit.worst_ic_slack);
  certificate.set_participation(audit.realised.participation);
  return reply;
}

}  // namespace giot::client
