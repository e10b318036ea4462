#pragma once

#include <cstdint>

#include "absl/types/span.h"
#include "models/search/budget.h"
#include "models/search/budgeted_objective.h"
#include "models/search/objective.h"

namespace giot::search {

struct PolishOptions {
  double sigma = 0.05;     // First standard deviation of the levels that CMA-ES samples.
  std::uint64_t seed = 0;  // Same seed, objective and evaluations, same result.
  ImprovementCallback on_improvement;
};

// Improves on `start` (n numbers in [-1, 1], a policy's proposal say) until the budget
// runs out, which must bound evaluations or time. Anytime: the result is never worse
// than the start, which is evaluated first, and is the best of all that was evaluated.
//
// Where the objective has a gradient it climbs (ProjectedLbfgs), from the start and then
// from the best levels with half of them drawn anew. CMA-ES samples around the start,
// and once it has converged time and again around the best levels, with a sigma that
// doubles while that brings nothing. Four in five evaluations go to climbs, one to
// samples, for as long as the gradient keeps its promises; where the objective jumps,
// and it does not, the other way round; without a gradient, all to samples.
SearchResult Polish(Objective& objective, absl::Span<const double> start, const Budget& budget,
                    const PolishOptions& options = {});

}  // namespace giot::search
