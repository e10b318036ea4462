#pragma once

#include <cstdint>
#include <string>

#include "bench/anytime/held_out.h"

namespace giot::bench {

// The best that a long search found.
struct BestFound {
  double utility = 0.0;  // Money a vehicle.
  std::string method;    // See FindBest.
  std::int64_t evaluations = 0;
};

// Looks for the best menu of a market with `evaluations` of its objectives, at least 100:
//   climb            L-BFGS from many random levels
//   cma_es           sep-CMA-ES from many random levels
//   polish           Polish from the best of these two
//   item_cma_es      the last two for levels that state items, where the family has them,
//   item_polish        the latter from the better of item_cma_es and polish
// It spends a tenth on climb where there are items and a quarter where there are none, and
// shares the rest between the others. Same seed, same result.
BestFound FindBest(HeldOutMarket& market, std::int64_t evaluations, std::uint64_t seed);

// The same with one search only: Polish from the best of `proposals`, as PolishBest wants
// them, called policy_polish.
BestFound PolishProposals(HeldOutMarket& market, absl::Span<const double> proposals, std::int64_t evaluations,
                          std::uint64_t seed);

}  // namespace giot::bench
