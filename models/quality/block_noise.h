#pragma once

#include <opencv2/core/mat.hpp>
#include <vector>

namespace giot::quality {

// Appends for each whole 8 x 8 block of inner pixels the noise that it would have if it showed
// something flat: standard deviation in grey levels (Immerkaer: Fast noise variance estimation,
// 1996, whose mask does not answer to plain gradients). Low percentiles over many blocks are
// those of flat places. `levels`: CV_8UC1.
void AppendBlockNoise(const cv::Mat& levels, std::vector<float>& noise);

// The value below which a share in [0, 1] of `values` lies; reorders them. 0 without values.
double PercentileOf(std::vector<float>& values, double share);

}  // namespace giot::quality
