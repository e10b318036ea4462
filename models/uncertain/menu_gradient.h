#pragma once

#include <array>

#include "models/uncertain/uncertain_market.h"

namespace giot::uncertain {

// Derivatives of a quantity with respect to a menu, written as qualities q_k and
// rents u_k = r_k - theta_k C(q_k).
struct MenuGradient {
  std::array<double, kMaxTypes> quality{};  // At fixed rents.
  std::array<double, kMaxTypes> rent{};     // At fixed qualities.
};

}  // namespace giot::uncertain
