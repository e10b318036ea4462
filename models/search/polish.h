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
// It climbs along the gradient where the objective has one (ProjectedLbfgs). For as
// long as the gradient keeps its promises, it goes on with climbs from the best levels
// with half of them drawn anew. Where it does not, or there is none, CMA-ES takes over:
// from the start, then time and again from the best levels, with a sigma that doubles
// while that brings nothing.
SearchResult Polish(Objective& objective, absl::Span<const double> start, const Budget& budget,
                    const PolishOptions& options = {});

}  // namespace giot::search
