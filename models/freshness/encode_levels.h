#pragma once

#include "absl/types/span.h"
#include "models/freshness/freshness_market.h"
#include "models/freshness/menu.h"

namespace giot::freshness {

// The inverse of DecodeLevels: levels that decode to the items and the selection of
// `menu`, a feasible menu of least rewards (as DecodeLevels returns). Each type proposes
// the item that it picks, at the least rewards that make it prefer that item to opting
// out and to every other one by at least `margin` (money, >= 0), as far as a type's
// largest rent goes; a type that opts out proposes nothing, -1 in all channels. A margin
// does not change the menu, whose rewards fall to the least, but lets levels that are
// nearly these decode to the same selection; one that is too large implements another
// selection. `levels` has kLevelChannels types() entries. No heap.
void EncodeLevels(const FreshnessMarket& market, const Menu& menu, double margin, absl::Span<double> levels);

// The same at the largest of a few margins at which the levels decode to a menu worth no
// less than `menu`, to 1e-6 of that: what a policy is best taught.
void EncodeRobustLevels(const FreshnessMarket& market, const Menu& menu, absl::Span<double> levels);

}  // namespace giot::freshness
