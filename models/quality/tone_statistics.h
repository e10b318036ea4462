#pragma once

#include <array>
#include <opencv2/core/mat.hpp>
#include <string_view>

namespace giot::quality {

inline constexpr int kToneStatistics = 13;

// Light and colour of a thumbnail, CV_8UC3: percentiles of luma, clipping, entropy, colourfulness
// (Hasler, Suesstrunk 2003), colour cast, dark channel (He, Sun, Tang 2009: high in haze).
std::array<float, kToneStatistics> ToneStatistics(const cv::Mat& thumbnail);

const std::array<std::string_view, kToneStatistics>& ToneStatisticsNames();

}  // namespace giot::quality
