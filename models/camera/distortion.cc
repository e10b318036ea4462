#include "models/camera/distortion.h"

#include <algorithm>
#include <cstddef>

#include "models/camera/distortion_kinds.h"

namespace giot::camera {
namespace {

constexpr std::array<Distortion, kDistortions> kAll = {
    Distortion::kGaussianBlur,  Distortion::kMotionBlur, Distortion::kDefocus,       Distortion::kZoomBlur,
    Distortion::kGaussianNoise, Distortion::kShotNoise,  Distortion::kImpulseNoise,  Distortion::kSpeckleNoise,
    Distortion::kJpeg,          Distortion::kJpeg2000,   Distortion::kUnderexposure, Distortion::kOverexposure,
    Distortion::kLowContrast,   Distortion::kColourCast, Distortion::kHaze,          Distortion::kRain,
    Distortion::kLensDirt,      Distortion::kDroplets,   Distortion::kOcclusion,     Distortion::kLowResolution,
    Distortion::kGlassBlur,     Distortion::kPixelate,   Distortion::kSnow};

constexpr std::array<std::string_view, kDistortions> kNames = {
    "gaussian_blur", "motion_blur", "defocus",   "zoom_blur",     "gaussian_noise", "shot_noise",     "impulse_noise",
    "speckle_noise", "jpeg",        "jpeg2000",  "underexposure", "overexposure",   "low_contrast",   "colour_cast",
    "haze",          "rain",        "lens_dirt", "droplets",      "occlusion",      "low_resolution", "glass_blur",
    "pixelate",      "snow"};

}  // namespace

const std::array<Distortion, kDistortions>& AllDistortions() { return kAll; }

std::string_view NameOf(Distortion distortion) { return kNames[static_cast<std::size_t>(distortion)]; }

cv::Mat Distort(const cv::Mat& image, Distortion distortion, double severity, std::uint64_t seed) {
  CV_Assert(image.type() == CV_8UC3);
  // Also where it is not a number.
  if (!(severity > 0.0) || image.empty()) return image.clone();
  // Filters would look beyond a view's border.
  if (image.isSubmatrix()) return Distort(image.clone(), distortion, severity, seed);
  severity = std::min(severity, 1.0);
  switch (distortion) {
    case Distortion::kGaussianBlur:
      return GaussianBlurred(image, severity);
    case Distortion::kMotionBlur:
      return MotionBlurred(image, severity, seed);
    case Distortion::kDefocus:
      return Defocused(image, severity);
    case Distortion::kZoomBlur:
      return ZoomBlurred(image, severity);
    case Distortion::kGaussianNoise:
      return WithGaussianNoise(image, severity, seed);
    case Distortion::kShotNoise:
      return WithShotNoise(image, severity, seed);
    case Distortion::kImpulseNoise:
      return WithImpulseNoise(image, severity, seed);
    case Distortion::kSpeckleNoise:
      return WithSpeckleNoise(image, severity, seed);
    case Distortion::kJpeg:
      return JpegCompressed(image, severity);
    case Distortion::kJpeg2000:
      return WaveletCompressed(image, severity);
    case Distortion::kUnderexposure:
      return Underexposed(image, severity, seed);
    case Distortion::kOverexposure:
      return Overexposed(image, severity);
    case Distortion::kLowContrast:
      return WithLowContrast(image, severity, seed);
    case Distortion::kColourCast:
      return WithColourCast(image, severity, seed);
    case Distortion::kHaze:
      return Hazed(image, severity, seed);
    case Distortion::kRain:
      return Rained(image, severity, seed);
    case Distortion::kLensDirt:
      return WithLensDirt(image, severity, seed);
    case Distortion::kDroplets:
      return WithDroplets(image, severity, seed);
    case Distortion::kOcclusion:
      return Occluded(image, severity, seed);
    case Distortion::kLowResolution:
      return ShrunkAndEnlarged(image, severity);
    case Distortion::kGlassBlur:
      return GlassBlurred(image, severity, seed);
    case Distortion::kPixelate:
      return Pixelated(image, severity);
    case Distortion::kSnow:
      return Snowed(image, severity, seed);
  }
  CV_Error(cv::Error::StsBadArg, "unknown distortion");
}

}  // namespace giot::camera
