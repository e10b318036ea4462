#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "absl/time/time.h"
#include "models/bundle/bundle.h"
#include "models/contract/market_traits.h"
#include "models/search/budget.h"

namespace giot::engine {

// What the families without a closed form share: a menu that gets better for as
// long as the caller waits, and a certificate that knows a bound and no optimum.

// What a request wants the server to do.
struct Effort {
  int samples = 1;         // N >= 1 chains.
  std::uint64_t seed = 0;  // Of the sampler, of polish and search.
  // How long, from the call on, the menu may be improved. Zero: the best of the
  // samples as it is.
  absl::Duration time_budget = absl::ZeroDuration();
};

enum class SearchReason {
  kOutsideRanges,  // The model was not trained for such a market.
  kNoModel,        // No model of the family is ready.
};

struct SearchCause {
  SearchReason reason;
  std::string text;  // More about it; may be empty.
};

// Why a numeric search stands in for the policy; nullopt if the policy is asked.
// `bundle` is null if there is none; `traits` are the market's.
std::optional<SearchCause> WhySearch(const bundle::Bundle* bundle, const contract::MarketTraits& traits);

// Whether the answer takes milliseconds rather than microseconds.
bool TakesLong(const std::optional<SearchCause>& search, const Effort& effort);

// What polishing may spend from now on: time alone, or nothing if `effort` grants none.
search::Budget PolishBudget(const Effort& effort);

// What a search without a policy may: the same, but if no time is granted
// kSearchEvaluations, so that the same request has the same menu (unless the machine
// takes a second for them). It ends within a fraction of a millisecond after
// `cancelled` (may be null) says so.
search::Budget SearchBudget(const Effort& effort, std::function<bool()> cancelled);
inline constexpr std::int64_t kSearchEvaluations = 1000;

// What holds of a posted menu; money per vehicle. It has passed its audit.
struct BoundCertificate {
  double utility = 0.0;
  double upper_bound = 0.0;           // No menu is worth more.
  std::optional<double> bound_ratio;  // utility / upper_bound, where the bound is positive.
  double worst_ir_slack = 0.0;        // Never negative; infinite where there is nothing to compare.
  double worst_ic_slack = 0.0;
  double participation = 0.0;         // Expected share of vehicles that take part.
  std::int64_t evaluations = 0;       // Menus judged.
  std::optional<SearchCause> search;  // nullopt: the policy's menu is served.
};

}  // namespace giot::engine
