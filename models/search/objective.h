#pragma once

#include "absl/types/span.h"

namespace giot::search {

// A function of levels in the box [-1, 1]^n, to be maximised: what a menu
// decoded from the levels is worth. It may be piecewise smooth, flat in places
// and discontinuous; a value that is not finite never counts as the better one.
//
// One thread at a time; scratch memory between calls is the implementer's.
class Objective {
 public:
  virtual ~Objective() = default;

  // n, at least 1; constant.
  virtual int dimension() const = 0;

  // The value at `levels`, n numbers within [-1, 1].
  virtual double Value(absl::Span<const double> levels) = 0;

  // Whether ValueAndGradient may be called; constant.
  virtual bool has_gradient() const { return false; }

  // The value, and its derivative (at a kink: any one-sided one) with respect to
  // each level into `gradient`, n numbers. Aborts unless overridden.
  virtual double ValueAndGradient(absl::Span<const double> levels, absl::Span<double> gradient);
};

}  // namespace giot::search
