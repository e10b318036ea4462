#pragma once

#include <cstdint>
#include <opencv2/core/mat.hpp>

namespace giot::quality {

// 64 signs of the lowest frequencies of an image (Zauner 2010: DCT of a 32 x 32 thumbnail, each
// coefficient against their median), which survive compression, scaling and light; `grey`: CV_8UC1,
// at least 8 x 8, any thumbnail of the image.
std::uint64_t PerceptualHash(const cv::Mat& grey);

// In how many of the 64 signs two hashes differ.
int HashDistance(std::uint64_t a, std::uint64_t b);

}  // namespace giot::quality
