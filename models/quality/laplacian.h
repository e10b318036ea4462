#pragma once

#include <cstdint>
#include <opencv2/core/mat.hpp>

namespace giot::quality {

// The largest |4 c - left - right - above - below| of 8-bit levels.
inline constexpr int kMaxLaplacian = 4 * 255;

// |Laplacian| of the inner pixels of row y of a CV_8UC1 image, 1 <= y < rows - 1:
// `laplacian[i]` belongs to pixel i + 1, for i < cols - 2.
inline void LaplacianRow(const cv::Mat& grey, int y, std::uint16_t* laplacian) {
  const std::uint8_t* above = grey.ptr<std::uint8_t>(y - 1) + 1;
  const std::uint8_t* here = grey.ptr<std::uint8_t>(y) + 1;
  const std::uint8_t* below = grey.ptr<std::uint8_t>(y + 1) + 1;
  for (int i = 0; i < grey.cols - 2; ++i) {
    const int value = 4 * here[i] - here[i - 1] - here[i + 1] - above[i] - below[i];
    laplacian[i] = static_cast<std::uint16_t>(value < 0 ? -value : value);
  }
}

// Mean |Laplacian| of the inner pixels; at least 3 x 3.
double MeanLaplacian(const cv::Mat& grey);

}  // namespace giot::quality
