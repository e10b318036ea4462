#pragma once

#include <cstdint>
#include <opencv2/core/mat.hpp>

namespace giot::camera {

// Value noise, CV_32F, about uniform over frequencies below 1 / cell: `octaves` random
// lattices, the coarsest with cells of `cell` pixels, each half as coarse and `gain` times
// as strong as the one before, smoothly interpolated. Mean 0, values about within [-1, 1].
cv::Mat ValueNoise(cv::Size size, double cell, int octaves, double gain, std::uint64_t seed);

// The value below which a share of the field's values lies, share in [0, 1].
float Quantile(const cv::Mat& field, double share);

// Where the field is high, 0 below `threshold - softness` to 1 above `threshold + softness`, smoothly.
cv::Mat SoftThreshold(const cv::Mat& field, float threshold, float softness);

// image (1 - alpha) + overlay alpha; CV_8UC3, CV_8UC3, CV_32F of one size.
cv::Mat Blend(const cv::Mat& image, const cv::Mat& overlay, const cv::Mat& alpha);
cv::Mat Blend(const cv::Mat& image, const cv::Scalar& colour, const cv::Mat& alpha);

// A Gaussian blur of any width in about constant time; sigma in pixels.
cv::Mat Soften(const cv::Mat& image, double sigma);

}  // namespace giot::camera
