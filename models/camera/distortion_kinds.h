#pragma once

#include <cstdint>
#include <opencv2/core/mat.hpp>

// One function a Distortion. Each takes a CV_8UC3 image that is not empty and a severity
// in (0, 1], returns a new image of the same size, and draws all chance from the seed.
namespace giot::camera {

// distort_blur.cc
cv::Mat GaussianBlurred(const cv::Mat& image, double severity);
cv::Mat MotionBlurred(const cv::Mat& image, double severity, std::uint64_t seed);
cv::Mat Defocused(const cv::Mat& image, double severity);
cv::Mat ZoomBlurred(const cv::Mat& image, double severity);
cv::Mat GlassBlurred(const cv::Mat& image, double severity, std::uint64_t seed);

// distort_noise.cc
cv::Mat WithGaussianNoise(const cv::Mat& image, double severity, std::uint64_t seed);
cv::Mat WithShotNoise(const cv::Mat& image, double severity, std::uint64_t seed);
cv::Mat WithImpulseNoise(const cv::Mat& image, double severity, std::uint64_t seed);
cv::Mat WithSpeckleNoise(const cv::Mat& image, double severity, std::uint64_t seed);

// distort_compression.cc
cv::Mat JpegCompressed(const cv::Mat& image, double severity);
cv::Mat WaveletCompressed(const cv::Mat& image, double severity);
cv::Mat ShrunkAndEnlarged(const cv::Mat& image, double severity);
cv::Mat Pixelated(const cv::Mat& image, double severity);

// distort_light.cc
cv::Mat Underexposed(const cv::Mat& image, double severity, std::uint64_t seed);
cv::Mat Overexposed(const cv::Mat& image, double severity);
cv::Mat WithLowContrast(const cv::Mat& image, double severity, std::uint64_t seed);
cv::Mat WithColourCast(const cv::Mat& image, double severity, std::uint64_t seed);

// distort_weather.cc
cv::Mat Hazed(const cv::Mat& image, double severity, std::uint64_t seed);
cv::Mat Rained(const cv::Mat& image, double severity, std::uint64_t seed);
cv::Mat Snowed(const cv::Mat& image, double severity, std::uint64_t seed);

// distort_lens.cc
cv::Mat WithLensDirt(const cv::Mat& image, double severity, std::uint64_t seed);
cv::Mat WithDroplets(const cv::Mat& image, double severity, std::uint64_t seed);
cv::Mat Occluded(const cv::Mat& image, double severity, std::uint64_t seed);

}  // namespace giot::camera
