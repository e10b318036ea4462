#pragma once

#include <optional>
#include <vector>

#include "models/contract/screening_market.h"

namespace giot::contract {

// A valid market to start from; tests change what they are about.
struct MarketFixture {
  std::vector<double> cost_types = {0.5, 0.8, 1.0};
  std::vector<double> probabilities = {0.3, 0.4, 0.3};
  double value_scale = 1.0;
  double value_rate = 10.0;
  double cost_curvature = 0.5;
  double quality_min = 0.05;
  double quality_max = 1.0;
  std::int64_t vehicles = 1;
  std::optional<double> budget;
  bool allow_exclusion = false;

  absl::StatusOr<ScreeningMarket> Create() const {
    return ScreeningMarket::Create({cost_types, probabilities, value_scale, value_rate, cost_curvature, quality_min,
                                    quality_max, vehicles, budget, allow_exclusion});
  }
};

}  // namespace giot::contract
