#pragma once

#include <array>

#include "models/freshness/freshness_market.h"
#include "models/freshness/menu.h"

namespace giot::freshness {

// Derivatives with respect to the items of a menu.
struct MenuGradient {
  std::array<double, kMaxItems> quality{};
  std::array<double, kMaxItems> update_rate{};
};

// Server utility per vehicle, money, if each type takes the item designed for it.
double Utility(const FreshnessMarket& market, const Menu& menu);

// The same for a menu of least rewards in which every item is picked, and its
// derivatives where the selection and the constraints that bind (pay_tree.h) stay
// what they are and rewards follow the items; where several sets of constraints
// bind, that of one of them. No heap.
double UtilityAndGradient(const FreshnessMarket& market, const Menu& menu, MenuGradient& gradient);

}  // namespace giot::freshness
