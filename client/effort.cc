#include "client/effort.h"

#include <array>
#include <utility>

namespace giot::client {

Effort SpendEffort(const cv::Mat& image, camera::Distortion distortion, std::uint64_t seed, double quality,
                   const Measure& measure) {
  Effort best = {image, 0.0, measure(image)};
  if (best.quality <= quality) return best;
  double worst = 1.0;
  cv::Mat at_worst = camera::Distort(image, distortion, worst, seed);
  if (const double measured = measure(at_worst); measured >= quality) return {std::move(at_worst), worst, measured};
  for (int halving = 0; halving < kHalvings; ++halving) {
    const double severity = 0.5 * (best.severity + worst);
    cv::Mat distorted = camera::Distort(image, distortion, severity, seed);
    const double measured = measure(distorted);
    if (measured < quality) {
      worst = severity;
    } else {
      best = {std::move(distorted), severity, measured};
    }
  }
  return best;
}

camera::Distortion PickSaving(std::uint64_t seed) {
  using camera::Distortion;
  constexpr std::array kSavings = {Distortion::kMotionBlur,    Distortion::kDefocus, Distortion::kGaussianNoise,
                                   Distortion::kUnderexposure, Distortion::kJpeg,    Distortion::kLowResolution};
  return kSavings[seed % kSavings.size()];
}

}  // namespace giot::client
