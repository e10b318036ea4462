#pragma once

namespace giot::freshness {

// PackedMarket::global, money in units where the largest sensing cost is 1.
// PackedMarket::cost_types holds the sensing costs theta_t.
enum GlobalColumn : int {
  kValueScale = 0,
  kValueRate,
  kStalenessRate,
  kUpdateCosts,  // The first of kMaxTypes (25) columns: delta_t, 1 on padding.
  kGlobalColumns = kUpdateCosts + 25
};

}  // namespace giot::freshness
