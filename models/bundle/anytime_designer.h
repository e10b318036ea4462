#pragma once

#include <cstdint>
#include <functional>

#include "absl/status/statusor.h"
#include "models/bundle/bundle.h"
#include "models/contract/menu.h"
#include "models/freshness/freshness_market.h"
#include "models/freshness/menu.h"
#include "models/search/budget.h"
#include "models/uncertain/scenarios.h"
#include "models/uncertain/uncertain_market.h"

namespace giot::bundle {

// Menus for the families whose optimum is not known: the best of a policy's
// proposals by their true value, improved for as long as the caller likes.

struct AnytimeOptions {
  int samples = 1;         // N >= 1 proposals.
  std::uint64_t seed = 0;  // Of the proposals' noise and of the polish.
  // What may be spent beyond the proposals; with no evaluations the answer is the best of
  // N as it is. A deadline ends the proposals too, after 16 of them.
  search::Budget polish{.evaluations = 0};
};

struct UncertainDesign {
  contract::Menu menu;               // Real-valued, feasible; in the market's own money.
  double utility_per_vehicle = 0.0;  // Of `menu`, money.
  std::int64_t evaluations = 0;      // Menus whose value was computed.
};

struct FreshnessDesign {
  freshness::Menu menu;
  double utility_per_vehicle = 0.0;
  std::int64_t evaluations = 0;
};

// Propose, PolishBest, decode. Same seed and evaluations, same menu (per runner and
// instruction set). `cancelled` is asked between chunks of proposals and
// every few evaluations; Cancelled if it says so. InvalidArgument for a bundle of
// another family or no samples; Internal if the runner fails.
absl::StatusOr<UncertainDesign> DesignMenu(const Bundle& bundle, const uncertain::UncertainMarket& market,
                                           const uncertain::Scenarios& scenarios, const AnytimeOptions& options,
                                           const std::function<bool()>& cancelled = nullptr);
absl::StatusOr<FreshnessDesign> DesignMenu(const Bundle& bundle, const freshness::FreshnessMarket& market,
                                           const AnytimeOptions& options,
                                           const std::function<bool()>& cancelled = nullptr);

// A menu without a policy, by search alone from all levels 0 on, within a budget that
// bounds evaluations or time: by climbs for uncertain markets; by CMA-ES for freshness, half of
// the budget over a candidate a type, half over items stated directly, the better one
// wins. Same seed and evaluations, same menu.
UncertainDesign SearchMenu(const uncertain::UncertainMarket& market, const uncertain::Scenarios& scenarios,
                           const search::Budget& budget, std::uint64_t seed);
FreshnessDesign SearchMenu(const freshness::FreshnessMarket& market, const search::Budget& budget, std::uint64_t seed);

}  // namespace giot::bundle
