#pragma once

#include <array>
#include <cstdint>
#include <opencv2/core/mat.hpp>
#include <string_view>

namespace giot::bench {

// Common corruptions after Hendrycks and Dietterich 2019, "Benchmarking neural network robustness to common
// corruptions and perturbations", written apart from the distortions that models train on so that these judge them
// fairly. Strengths are the paper's. Its lengths are for images of 224 lines; here they grow with the square root of
// the number of lines. Frost is drawn from random crystals, not photographs of ice.
enum class Corruption {
  kGaussianNoise,
  kShotNoise,
  kImpulseNoise,
  kDefocusBlur,
  kGlassBlur,
  kMotionBlur,
  kZoomBlur,
  kSnow,
  kFrost,
  kFog,
  kBrightness,
  kContrast,
  kElastic,
  kPixelate,
  kJpeg,
};
inline constexpr int kCorruptions = 15;
inline constexpr int kCorruptionSeverities = 5;
const std::array<Corruption, kCorruptions>& AllCorruptions();
std::string_view NameOf(Corruption corruption);

// CV_8UC3 in, at least 32 x 32 pixels, and out, same size; severity 1 (mild) .. 5. Deterministic given the seed.
cv::Mat Corrupt(const cv::Mat& image, Corruption corruption, int severity, std::uint64_t seed);

}  // namespace giot::bench
