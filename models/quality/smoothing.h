#pragma once

#include <cstdint>
#include <opencv2/core/mat.hpp>

#include "models/quality/features.h"
#include "models/quality/image_pyramid.h"

namespace giot::quality {

// Features of an image and of the same image smoothed by a Gaussian of one pixel's deviation,
// which wipes out added grain and most of sharpening, but little of what makes an image useful.
struct FeaturePair {
  Features image{};     // ComputeFeatures(image, patch_seed).
  Features smoothed{};  // Light and colour are those of the image itself.
};

// Costs less than ComputeFeatures() twice: patches are smoothed one by one, and coarser levels by
// half a pixel of the half-size image. Models that score are trained on these very features.
FeaturePair ComputeFeaturePair(const cv::Mat& image, std::uint64_t patch_seed);

// The same, `pyramid` being BuildPyramid(image).
FeaturePair ComputeFeaturePair(const cv::Mat& image, const ImagePyramid& pyramid, std::uint64_t patch_seed);

}  // namespace giot::quality
