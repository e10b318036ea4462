#pragma once

#include <cstdint>
#include <functional>
#include <opencv2/core/mat.hpp>

#include "models/camera/distortion.h"

namespace giot::client {

// What a vehicle's own scorer says of an image: a quality in [0, 1] on the contract's scale.
using Measure = std::function<double(const cv::Mat& image)>;

struct Effort {
  cv::Mat image;
  double severity = 0.0;  // Of the distortion.
  double quality = 0.0;   // As measured.
};

// What a camera delivers whose owner spends no more on it than `quality` is paid for: the image with the most severe
// distortion that still measures `quality`, at its worst or else found by halving the range of severities kHalvings
// times. The image as it is where it measures less itself. Deterministic given the seed.
Effort SpendEffort(const cv::Mat& image, camera::Distortion distortion, std::uint64_t seed, double quality,
                   const Measure& measure);
inline constexpr int kHalvings = 7;

// The ways in which a camera saves effort: shorter exposure, less light, a worse focus, fewer
// bits, fewer pixels. `seed` picks one.
camera::Distortion PickSaving(std::uint64_t seed);

}  // namespace giot::client
