#pragma once

namespace giot::uncertain {

// PackedMarket::global, money in units where theta_K = 1.
enum GlobalColumn : int {
  kValueRate = 0,
  kCostCurvature,
  kVehicles,
  kCoverageValue,
  kThresholdValue,
  kThreshold,
  kThresholdWidth,
  kOutsideOption,
  kParticipationNoise,
  kGlobalColumns
};

}  // namespace giot::uncertain
