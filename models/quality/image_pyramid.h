#pragma once

#include <opencv2/core/mat.hpp>

namespace giot::quality {

// An image averaged over 2 x 2, 4 x 4 and 8 x 8 pixels, in colour (CV_8UC3, BGR) and grey
// (CV_8UC1); odd last rows and columns are left out.
struct ImagePyramid {
  cv::Mat half, quarter, eighth;
  cv::Mat half_grey, quarter_grey, eighth_grey;

  // The smallest level that still has about 10,000 pixels: for colour and brightness.
  const cv::Mat& Thumbnail() const;
};

// `image`: CV_8UC3, at least 64 x 64.
ImagePyramid BuildPyramid(const cv::Mat& image);

}  // namespace giot::quality
