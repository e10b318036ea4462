#pragma once

#include "absl/random/bit_gen_ref.h"
#include "models/contract/screening_market.h"

namespace giot::contract {

// Ranges of the training distribution (design, section 3). A draw has
// theta_1 ~ U, theta_K ~ U, interior spacings (Exp + .15) normalised,
// p ~ Gamma(1.5) + .08 normalised, omega ~ U, a ~ logU, kappa ~ U, q_min ~ U,
// q_max = 1; half without budget, else b = theta_K C(q_ref),
// q_ref ~ U[1.15 q_min, .9].
struct MarketDistribution {
  int types_min = 2;
  int types_max = kMaxTypes;
  double first_type_min = 0.1, first_type_max = 0.6;
  double last_type_min = 0.8, last_type_max = 1.5;
  double value_scale_min = 0.4, value_scale_max = 2.0;
  double value_rate_min = 6.0, value_rate_max = 40.0;
  double cost_curvature_max = 1.0;
  double quality_min_min = 0.01, quality_min_max = 0.1;
  double budget_share = 0.5;
};

// One valid market, types uniform in [types_min, types_max]; one vehicle.
ScreeningMarket SampleMarket(const MarketDistribution& distribution, absl::BitGenRef random);

}  // namespace giot::contract
