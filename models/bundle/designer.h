#pragma once

#include <cstdint>
#include <functional>

#include "absl/status/statusor.h"
#include "models/bundle/bundle.h"
#include "models/contract/exact.h"
#include "models/contract/menu.h"
#include "models/contract/screening_market.h"

namespace giot::bundle {

struct DesignOptions {
  int samples = 1;         // N >= 1 chains; the menu of highest utility wins.
  std::uint64_t seed = 0;  // Same seed, same menu (per runner and instruction set).
};

struct Design {
  contract::Menu menu;               // Real-valued, feasible; in the market's own money.
  double utility_per_vehicle = 0.0;  // Of `menu`, money.
  double utility_spread = 0.0;       // Standard deviation over the samples, money.
};

// Lets the bundle's policy design a menu for the `served` cheapest types of
// `market` (the market's types(), or fewer where the caller leaves types out;
// 2 at least): prefix, normalise, sample, decode, keep the best. The one path
// from a market to a learned menu, for serving and evaluation alike. No heap
// on a fused runner. `cancelled` is asked between chunks of samples; Cancelled if
// it says so. InvalidArgument for a bundle of another family or arguments out of
// range; Internal if the runner fails.
absl::StatusOr<Design> DesignMenu(const Bundle& bundle, const contract::ScreeningMarket& market, int served,
                                  const DesignOptions& options, const std::function<bool()>& cancelled = nullptr);

}  // namespace giot::bundle
