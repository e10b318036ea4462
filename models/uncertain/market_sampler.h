#pragma once

#include "absl/random/bit_gen_ref.h"
#include "models/uncertain/uncertain_market.h"

namespace giot::uncertain {

// Ranges of the training distribution. Types, value rate and curvature are drawn
// as contract::MarketDistribution draws them; a is log-uniform, everything else
// uniform, the number of vehicles among whole numbers.
struct UncertainDistribution {
  int types_min = 2;
  int types_max = kMaxTypes;
  double first_type_min = 0.1, first_type_max = 0.6;
  double last_type_min = 0.8, last_type_max = 1.5;
  double value_rate_min = 6.0, value_rate_max = 40.0;
  double cost_curvature_max = 1.0;
  int vehicles_min = 5, vehicles_max = 40;
  double coverage_value_min = 0.2, coverage_value_max = 0.8;
  double threshold_value_min = 0.3, threshold_value_max = 1.5;
  double threshold_min = 0.15, threshold_max = 0.6;
  double threshold_width_min = 0.02, threshold_width_max = 0.06;
  double outside_option_max = 0.2;
  double participation_noise_min = 0.02, participation_noise_max = 0.1;
};

// One valid market, types uniform in [types_min, types_max].
UncertainMarket SampleMarket(const UncertainDistribution& distribution, absl::BitGenRef random);

}  // namespace giot::uncertain
