#pragma once

#include "models/uncertain/uncertain_market.h"

namespace giot::uncertain {

// The coverage that a server would buy at a constant price, i.e. the conjugate of
// the coverage value: max over S in [0, largest] of V(S) - price S.
//
// V' falls, rises and falls again (the logarithm of the ratio of the sigmoid's
// curvature to the logarithm's is concave below the threshold, so the two are equal
// at most twice), so there is at most one local maximum on either side of the rise.
class CoverageConjugate {
 public:
  struct Maximum {
    double value;
    double coverage;  // A maximiser.
  };

  // Coverage up to `largest` > 0.
  CoverageConjugate(const UncertainMarket& market, double largest);

  // For price >= 0; below the true maximum by rounding only. No heap.
  Maximum At(double price) const;
  // V' nowhere exceeds this.
  double LargestSlope() const;

 private:
  struct Slopes {
    double first;   // V'
    double second;  // V''
  };

  Slopes SlopesAt(double coverage) const;
  double SteepestRise() const;
  // Where V' = price on [low, high], on which it falls; or the end nearer to it.
  double Demand(double price, double low, double high) const;

  UncertainMarket market_;
  double largest_;
  double rise_begin_;  // V is convex between these two, concave elsewhere.
  double rise_end_;
};

}  // namespace giot::uncertain
