#pragma once

#include <cstdint>
#include <vector>

#include "models/uncertain/uncertain_market.h"

namespace giot::uncertain {

// A valid market to start from; tests change what they are about.
struct MarketFixture {
  std::vector<double> cost_types = {0.5, 0.8, 1.0};
  std::vector<double> probabilities = {0.3, 0.4, 0.3};
  double value_rate = 10.0;
  double cost_curvature = 0.5;
  std::int64_t vehicles = 20;
  double coverage_value = 0.5;
  double threshold_value = 1.0;
  double threshold = 0.3;
  double threshold_width = 0.04;
  double outside_option = 0.1;
  double participation_noise = 0.05;

  absl::StatusOr<UncertainMarket> Create() const {
    return UncertainMarket::Create({cost_types, probabilities, value_rate, cost_curvature, vehicles, coverage_value,
                                    threshold_value, threshold, threshold_width, outside_option, participation_noise});
  }
};

}  // namespace giot::uncertain
