#pragma once

#include <array>

#include "models/contract/menu.h"
#include "models/contract/screening_market.h"

namespace giot::contract {

// What happens when every vehicle picks the item it likes best.
struct SelfSelection {
  // Item picked by each type, -1 where opting out is better. A tie goes to the
  // type's own item, then to the earliest item; opting in beats opting out.
  std::array<int, kMaxTypes> choice{};
  double utility_per_vehicle = 0.0;  // Server utility of those choices, money.
  double pay_per_vehicle = 0.0;      // Expected pay of those choices, money.
  double participation = 0.0;        // Share of vehicles that take part.
  double truthful = 0.0;  // Among vehicles of served types, the share that picks its own item or an equal one.
};

// Every constraint of a menu, checked pair by pair: a learned menu gets no
// benefit of the doubt. Slacks are money; negative means violated.
struct AuditReport {
  double worst_ir_slack = 0.0;  // min over served k of r_k - theta_k C(q_k).
  // min over all types k and items j of (own utility - utility of item j);
  // an excluded type's own utility is 0 (opting out). +inf with one type.
  double worst_ic_slack = 0.0;
  double budget_slack = 0.0;         // b - sum_k p_k r_k; +inf without a budget.
  bool within_bounds = false;        // All q in [q_min, q_max], r finite and >= 0.
  double utility_per_vehicle = 0.0;  // Server utility if each type takes its own item.
  SelfSelection realised;

  // Whether every slack is at least -tolerance (money) and bounds hold.
  bool Feasible(double tolerance) const;
};

// O(types x items), no heap. `menu` must have 1..market.types() items.
AuditReport Audit(const ScreeningMarket& market, const Menu& menu);

// The same for a posted menu: utilities are compared as a vehicle would compute
// them, in double precision micro-units, and Feasible(0) is the bar. Slacks are
// money (not micro-units). Bounds: see PostedQualityMin and PostedQualityMax.
AuditReport Audit(const ScreeningMarket& market, const PostedMenu& menu);

}  // namespace giot::contract
