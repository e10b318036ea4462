#pragma once

#include "absl/container/inlined_vector.h"
#include "absl/strings/string_view.h"
#include "models/contract/screening_market.h"

namespace giot::contract {

// A number that says how unusual a market is, in normalised money.
struct MarketTrait {
  absl::string_view name;
  double value = 0.0;
};

// What a model's ranges are about. No heap for up to 16.
using MarketTraits = absl::InlinedVector<MarketTrait, 16>;

//   types            K
//   first_type       theta_1 / theta_K
//   value_scale      omega / theta_K
//   value_rate       a
//   cost_curvature   kappa
//   quality_min, quality_max
//   budget_quality   the quality that the budget buys from everybody, over q_min;
//                    missing where the budget cannot bind
//   probability_min  least p_k
//   spacing_min      least (theta_{k+1} - theta_k) / theta_K
MarketTraits Traits(const ScreeningMarket& market);

// The least difference between neighbours of an ascending ladder of two or more.
double LeastSpacing(absl::Span<const double> ladder);

}  // namespace giot::contract
