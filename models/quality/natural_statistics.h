#pragma once

#include <array>
#include <string_view>

#include "models/quality/mscn_kernel.h"

namespace giot::quality {

inline constexpr int kNaturalStatistics = 18;

// Natural-scene statistics of one scale (Mittal, Moorthy, Bovik: No-reference image quality
// assessment in the spatial domain, 2012), from moments pooled over patches: shape and variance
// of the levels; shape, mean and both variances of each kind of product.
std::array<float, kNaturalStatistics> NaturalStatistics(const MscnMoments& moments);

const std::array<std::string_view, kNaturalStatistics>& NaturalStatisticsNames();

}  // namespace giot::quality
