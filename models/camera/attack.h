#pragma once

#include <array>
#include <cstdint>
#include <opencv2/core/mat.hpp>
#include <string_view>

namespace giot::camera {

// Cheap tricks that make an image look better to a metric without making it more useful.
enum class Attack {
  kFineGrain,
  kCoarseGrain,
  kSharpen,
  kStrongSharpen,
  kContrastStretch,
  kClahe,
  kGamma,
  kSaturation,
  kShrinkEnlarge,  // Halves and enlarges.
  kSharpenGrain,
  kClaheGrain,
  kDenoiseSharpen,
};
inline constexpr int kAttacks = 12;
const std::array<Attack, kAttacks>& AllAttacks();
std::string_view NameOf(Attack attack);

// Strength in [0, 1]; deterministic given the seed. CV_8UC3 in and out, same size.
cv::Mat ApplyAttack(const cv::Mat& image, Attack attack, double strength, std::uint64_t seed);

}  // namespace giot::camera
