#pragma once

#include <cstdint>
#include <opencv2/core/types.hpp>
#include <vector>

namespace giot::quality {

inline constexpr int kPatchSide = 96;
inline constexpr int kMaxPatches = 40;

// One square patch at a random place of each cell of a grid over an image of at least 64 x 64
// pixels: at most 8 x 5 cells, so that cost does not grow with the image. All patches have the
// same side, kPatchSide or less where the image is smaller. Sides and corners are even: halving
// the image halves the patch. Follows from the arguments alone.
std::vector<cv::Rect> ChoosePatches(cv::Size image, std::uint64_t seed);

}  // namespace giot::quality
