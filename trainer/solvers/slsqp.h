#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "models/search/budget.h"
#include "models/search/budgeted_objective.h"
#include "models/search/objective.h"

namespace giot::trainer {

struct SlsqpOptions {
  std::uint64_t seed = 0;  // Of the random starts.
  search::ImprovementCallback on_improvement;
};

// Maximises `objective` by sequential least-squares quadratic programming (Kraft
// 1994, NLopt's LD_SLSQP) over the box, from `start` (n numbers in [-1, 1]) and then,
// until the budget runs out, from uniformly random levels: what one would do for a
// single market without a policy. Where the objective has no gradient, forward
// differences stand in, n evaluations each.
//
// A start ends where its line search finds nothing better, at a value that is not
// finite, or with a relative gain below 1e-6. InvalidArgument if the budget bounds
// neither evaluations nor time, or `start` is not in the box; ResourceExhausted
// where NLopt finds no memory.
absl::StatusOr<search::SearchResult> MaximizeBySlsqp(search::Objective& objective, absl::Span<const double> start,
                                                     const search::Budget& budget, const SlsqpOptions& options);

}  // namespace giot::trainer
