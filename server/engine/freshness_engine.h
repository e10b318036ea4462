#pragma once

#include <functional>
#include <optional>

#include "absl/status/statusor.h"
#include "models/bundle/bundle.h"
#include "models/freshness/freshness_market.h"
#include "models/freshness/menu.h"
#include "server/engine/anytime.h"
#include "server/engine/timings.h"

namespace giot::engine {

struct FreshnessAnswer {
  freshness::PostedMenu menu;
  BoundCertificate certificate;
  Timings timings;
};

// From a market to a certified posted menu: the best of the policy's samples,
// polished, or what a search found where `search` says why; `bundle` may then be
// null. Cancelled if `cancelled` says so; OutOfRange if rewards are too large for
// whole micro-units; Internal if the runner fails or the posted menu does not pass
// its audit. Thread-safe.
absl::StatusOr<FreshnessAnswer> Generate(const bundle::Bundle* bundle, const std::optional<SearchCause>& search,
                                         const freshness::FreshnessMarket& market, const Effort& effort,
                                         const std::function<bool()>& cancelled);

}  // namespace giot::engine
