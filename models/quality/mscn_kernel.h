#pragma once

#include <array>
#include <opencv2/core/mat.hpp>

#include "models/quality/generalized_gaussian.h"

namespace giot::quality {

// Sums over mean-subtracted, contrast-normalised (MSCN) grey levels and over the products of
// neighbours to the right, below, below right and below left.
struct MscnMoments {
  SignedMoments levels;
  std::array<SignedMoments, 4> products;
};

// Adds those of a square or oblong CV_8UC1 patch with sides of 9 to kPatchSide pixels: a 7 x 7
// Gaussian window of deviation 7/6, inner pixels only. The same sums on every CPU with and
// without AVX2.
void AddMscnMoments(const cv::Mat& grey_patch, MscnMoments& moments);

}  // namespace giot::quality
