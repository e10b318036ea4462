#pragma once

#include "absl/types/span.h"

namespace giot::contract {

// Weighted isotonic regression in place, by pooling adjacent violators (PAVA,
// Barlow et al. 1972). Weights positive, sizes equal and at most kMaxTypes.
// Returns whether anything was pooled.
bool MakeNondecreasing(absl::Span<double> values, absl::Span<const double> weights);
bool MakeNonincreasing(absl::Span<double> values, absl::Span<const double> weights);

}  // namespace giot::contract
