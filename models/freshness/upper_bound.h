#pragma once

#include "models/freshness/freshness_market.h"

namespace giot::freshness {

// No menu is worth more to the server, per vehicle, in money (up to rounding, 1e-12
// relative): what it would earn if types were public,
//   sum_t p_t max(0, max over q, f in [0, 1] of V(q, f) - theta_t q - delta_t f).
// No heap; tens of microseconds.
double FirstBestUtility(const FreshnessMarket& market);

}  // namespace giot::freshness
