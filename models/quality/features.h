#pragma once

#include <array>
#include <cstdint>
#include <opencv2/core/mat.hpp>
#include <string_view>

namespace giot::quality {

inline constexpr int kFeatures = 75;
using Features = std::array<float, kFeatures>;

// Hand-made statistics of an image, CV_8UC3 BGR, at least 64 x 64 pixels; finite. Which
// patches are looked at follows from `patch_seed` alone. The same on every thread and run.
Features ComputeFeatures(const cv::Mat& image, std::uint64_t patch_seed);

// A name for each, for model cards and reports.
const std::array<std::string_view, kFeatures>& FeatureNames();

}  // namespace giot::quality
