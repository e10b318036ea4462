#pragma once

#include <array>
#include <cstdint>
#include <opencv2/core/mat.hpp>
#include <string_view>

namespace giot::camera {

// What happens to images of a camera on a vehicle.
enum class Distortion {
  kGaussianBlur,
  kMotionBlur,
  kDefocus,
  kZoomBlur,
  kGaussianNoise,
  kShotNoise,
  kImpulseNoise,
  kSpeckleNoise,
  kJpeg,
  kJpeg2000,
  kUnderexposure,
  kOverexposure,
  kLowContrast,
  kColourCast,
  kHaze,
  kRain,
  kLensDirt,
  kDroplets,
  kOcclusion,
  kLowResolution,  // Shrunk and enlarged again: the size stays.
  kGlassBlur,
  kPixelate,
  kSnow,
};
inline constexpr int kDistortions = 23;
const std::array<Distortion, kDistortions>& AllDistortions();
std::string_view NameOf(Distortion distortion);

// Distorts an image, CV_8UC3, of any size; severity in [0, 1] (clamped): 0 leaves it as it is, 1 makes it useless
// for traffic monitoring or nearly so; about evenly graded between. Deterministic given the seed.
cv::Mat Distort(const cv::Mat& image, Distortion distortion, double severity, std::uint64_t seed);

}  // namespace giot::camera
