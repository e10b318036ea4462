#pragma once

#include <vector>

#include "absl/random/bit_gen_ref.h"
#include "models/contract/menu.h"
#include "models/contract/screening_market.h"

namespace giot::client {

// What a vehicle picks that takes part in nothing.
inline constexpr int kOptOut = -1;

// r - theta C(q): money that an item leaves to a vehicle whose private marginal
// cost is `cost_type`. Of the market only the public cost curve is read.
double VehicleUtility(const contract::ScreeningMarket& market, const contract::PostedItem& item, double cost_type);

// The item that such a vehicle picks for itself: the plain argmax of its
// utility, the earliest of equals, or kOptOut if every item would be a loss.
int ChooseItem(const contract::ScreeningMarket& market, const contract::PostedMenu& menu, double cost_type);

// Whether a pick is the one meant for vehicles of that type: an item equal to
// the type's own, or opting out where the menu leaves the type out.
bool IsTruthful(const contract::PostedMenu& menu, int type, int choice);

// Private types of `count` vehicles, drawn from the market's probabilities.
std::vector<int> DrawTypes(const contract::ScreeningMarket& market, int count, absl::BitGenRef random);

}  // namespace giot::client
