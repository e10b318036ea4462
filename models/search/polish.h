#pragma once

#include <cstdint>

#include "absl/types/span.h"
#include "models/search/budget.h"
#include "models/search/budgeted_objective.h"
#include "models/search/objective.h"

namespace giot::search {

struct PolishOptions {
  double sigma = 0.2;      // First standard deviation of the levels that CMA-ES samples.
  std::uint64_t seed = 0;  // Same seed, objective and evaluations, same result.
  ImprovementCallback on_improvement;
};

// Improves on `start` (n numbers in [-1, 1], a policy's proposal say) until the budget
// runs out, which must bound evaluations or time. Anytime: the result is never worse
// than the start, which is evaluated first, and is the best of all that was evaluated.
//
// Where the objective has a gradient it climbs (ProjectedLbfgs), from the start and then
// from the best levels with some of them drawn anew, a third on average and mostly few. CMA-ES samples
// around the best levels, and once it has converged again and again, with a sigma that
// doubles while that brings nothing. Four in five evaluations go to climbs, one to
// samples, for as long as the gradient keeps its promises; where the objective jumps,
// and it does not, the other way round; without a gradient, all to samples.
SearchResult Polish(Objective& objective, absl::Span<const double> start, const Budget& budget,
                    const PolishOptions& options = {});

// The anytime answer: the best of several proposals by their true value, polished until
// the budget runs out. `proposals` holds N >= 1 rows of n numbers in [-1, 1]; they are
// evaluated in order for as long as the budget lasts, the first one even if nothing is
// left of it, so that there always is an answer. A budget of N evaluations gives
// the best of N as it is.
SearchResult PolishBest(Objective& objective, absl::Span<const double> proposals, const Budget& budget,
                        const PolishOptions& options = {});

}  // namespace giot::search
