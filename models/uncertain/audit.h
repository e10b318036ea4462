#pragma once

#include "models/contract/menu.h"
#include "models/uncertain/scenarios.h"
#include "models/uncertain/uncertain_market.h"

namespace giot::uncertain {

// Every constraint of a menu, checked pair by pair: a learned menu gets no
// benefit of the doubt. Slacks are money; negative means violated.
struct AuditReport {
  double worst_ir_slack = 0.0;  // min over k of r_k - theta_k C(q_k).
  // min over all types k and items j != k of (own utility - utility of item j).
  double worst_ic_slack = 0.0;
  bool within_bounds = false;        // All q in [0, 1], r finite and >= 0.
  double utility_per_vehicle = 0.0;  // Expected server utility if each type takes its own item or declines.
  double pay_per_vehicle = 0.0;      // sum_k p_k pi_k r_k, in that case.
  double participation = 0.0;        // sum_k p_k pi_k, in that case.
  // Share of vehicles whose best item, before they decide whether to take part, is
  // their own or an equal one. A tie goes to a type's own item.
  double truthful = 0.0;

  // Whether both slacks are at least -tolerance (money) and bounds hold.
  bool Feasible(double tolerance) const;
};

// `scenarios` are those of `market`; `menu` must have market.types() items. No heap.
AuditReport Audit(const UncertainMarket& market, const Scenarios& scenarios, const contract::Menu& menu);

// The same for a posted menu: utilities are compared as a vehicle would compute
// them, in double precision micro-units, and Feasible(0) is the bar. Slacks are
// money (not micro-units).
AuditReport Audit(const UncertainMarket& market, const Scenarios& scenarios, const contract::PostedMenu& menu);

}  // namespace giot::uncertain
