#pragma once

#include <cstdint>

#include "absl/types/span.h"
#include "models/search/budget.h"
#include "models/search/budgeted_objective.h"
#include "models/search/objective.h"

namespace giot::search {

struct MultiStartOptions {
  std::uint64_t seed = 0;  // Same seed, objective and evaluations, same result.
  ImprovementCallback on_improvement;
};

// What one would do for a single market without a policy, as a reference: searches
// from `start` (n numbers in [-1, 1]), which is evaluated first, and then from random
// levels, uniform in the box, until the budget runs out, which must bound evaluations
// or time. Anytime, as Polish.

// CMA-ES with a sigma of 0.7. (Populations that double from start to start, as in
// IPOP, were no better on the markets it was tried on.)
SearchResult MultiStartCmaEs(Objective& objective, absl::Span<const double> start, const Budget& budget,
                             const MultiStartOptions& options = {});

// Climbs by ProjectedLbfgs. Requires has_gradient().
SearchResult MultiStartClimb(Objective& objective, absl::Span<const double> start, const Budget& budget,
                             const MultiStartOptions& options = {});

}  // namespace giot::search
