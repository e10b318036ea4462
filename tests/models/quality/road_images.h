#pragma once

#include <filesystem>
#include <opencv2/core/mat.hpp>
#include <optional>
#include <string>
#include <vector>

namespace giot::quality {

// Clean roads of 800 x 450 pixels, as a camera sees them by day.
inline constexpr int kRoadWidth = 800;
inline constexpr int kRoadHeight = 450;

// Rendered ones.
const std::vector<cv::Mat>& RenderedRoads();

// Photographs; none where GIOT_DATA does not name the folder that holds them.
const std::vector<cv::Mat>& RealRoads();

// The folder of real images in GIOT_DATA, if that is set.
std::optional<std::filesystem::path> RealImageFolder();

}  // namespace giot::quality
