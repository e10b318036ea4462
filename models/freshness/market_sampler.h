#pragma once

#include "absl/random/bit_gen_ref.h"
#include "models/freshness/freshness_market.h"

namespace giot::freshness {

// Each cost takes one of this many values; a type is one of all pairs.
inline constexpr int kLadderSteps = 5;

// Ranges of the training distribution (design, section 5). A draw has two cost
// ladders, first ~ U and last ~ U, interior spacings (Exp + .2) normalised; joint
// probabilities (Gamma(1) + .05) exp(rho i j), i, j in {-1, -.5, 0, .5, 1} the
// places on the two ladders, normalised, rho ~ U; omega ~ U, a ~ logU, alpha ~ U.
struct FreshnessDistribution {
  double first_sensing_min = 0.1, first_sensing_max = 0.4;
  double last_sensing_min = 0.6, last_sensing_max = 1.2;
  double first_update_min = 0.05, first_update_max = 0.3;
  double last_update_min = 0.4, last_update_max = 1.0;
  double correlation_min = -1.5, correlation_max = 1.5;  // rho
  double value_scale_min = 0.8, value_scale_max = 2.5;
  double value_rate_min = 3.0, value_rate_max = 20.0;
  double staleness_rate_min = 0.1, staleness_rate_max = 0.5;
};

// One valid market of kLadderSteps x kLadderSteps types and one vehicle. Types
// are in row-major order: kLadderSteps update costs for each sensing cost, both
// ascending.
FreshnessMarket SampleMarket(const FreshnessDistribution& distribution, absl::BitGenRef random);

}  // namespace giot::freshness
