#pragma once

#include "models/freshness/freshness_market.h"
#include "models/freshness/menu.h"

namespace giot::freshness {

// What happens when every vehicle picks the item it likes best.
struct SelfSelection {
  // Item picked by each type, or kOptsOut. A tie goes to what the menu designs for
  // the type, then to the earliest item; opting in beats opting out.
  Selection choice{};
  double utility_per_vehicle = 0.0;  // Server utility of those choices, money.
  double pay_per_vehicle = 0.0;      // Expected pay of those choices, money.
  double participation = 0.0;        // Share of vehicles that take part.
  // Share of vehicles that do what the menu designs for their type: pick that item
  // or an equal one, or opt out.
  double truthful = 0.0;
};

// Every constraint of a menu, checked pair by pair: a learned menu gets no
// benefit of the doubt. Slacks are money; negative means violated.
struct AuditReport {
  // min over types t that are to pick an item j of r_j - theta_t q_j - delta_t f_j;
  // +inf if all are to opt out.
  double worst_ir_slack = 0.0;
  // min over all types t and items j not designed for t of (own utility - utility of
  // item j); the own utility of a type that is to opt out is 0. +inf without such
  // pairs.
  double worst_ic_slack = 0.0;
  bool within_bounds = false;        // All q and f in [0, 1], r finite and >= 0, choices items of the menu or kOptsOut.
  double utility_per_vehicle = 0.0;  // Server utility if each type does what it is to do.
  SelfSelection realised;

  // Whether both slacks are at least -tolerance (money) and bounds hold.
  bool Feasible(double tolerance) const;
};

// O(types x items), no heap. Choices that are no items of the menu are out of
// bounds and count as opting out.
AuditReport Audit(const FreshnessMarket& market, const Menu& menu);

// The same for a posted menu: utilities are compared as a vehicle would compute
// them, in double precision micro-units, and Feasible(0) is the bar. Slacks are
// money (not micro-units). Bounds: qualities and update rates in 0..1'000'000,
// rewards >= 0.
AuditReport Audit(const FreshnessMarket& market, const PostedMenu& menu);

}  // namespace giot::freshness
