#include "models/quality/perceptual_hash.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <opencv2/imgproc.hpp>

namespace giot::quality {
namespace {

constexpr std::size_t kSide = 32;
constexpr std::size_t kFrequencies = 8;

using Waves = std::array<std::array<double, kSide>, kFrequencies>;

// Frequencies 1 to 8: 0 is the mean, which only tells brightness.
const Waves& CosineWaves() {
  static const Waves waves = [] {
    Waves table;
    for (std::size_t u = 0; u < kFrequencies; ++u) {
      for (std::size_t x = 0; x < kSide; ++x) {
        const double phase = static_cast<double>(u + 1) * (static_cast<double>(x) + 0.5) / static_cast<double>(kSide);
        table[u][x] = std::cos(std::numbers::pi * phase);
      }
    }
    return table;
  }();
  return waves;
}

}  // namespace

std::uint64_t PerceptualHash(const cv::Mat& grey) {
  cv::Mat thumbnail;
  cv::resize(grey, thumbnail, cv::Size(kSide, kSide), 0, 0, cv::INTER_AREA);
  const Waves& waves = CosineWaves();
  std::array<std::array<double, kSide>, kFrequencies> columns{};
  for (std::size_t y = 0; y < kSide; ++y) {
    const std::uint8_t* row = thumbnail.ptr<std::uint8_t>(static_cast<int>(y));
    for (std::size_t v = 0; v < kFrequencies; ++v) {
      for (std::size_t x = 0; x < kSide; ++x) columns[v][x] += waves[v][y] * row[x];
    }
  }
  std::array<double, kFrequencies * kFrequencies> coefficients{};
  for (std::size_t v = 0; v < kFrequencies; ++v) {
    for (std::size_t u = 0; u < kFrequencies; ++u) {
      for (std::size_t x = 0; x < kSide; ++x) coefficients[v * kFrequencies + u] += waves[u][x] * columns[v][x];
    }
  }
  auto sorted = coefficients;
  const auto middle = sorted.begin() + sorted.size() / 2;
  std::nth_element(sorted.begin(), middle, sorted.end());
  // More than rounding leaves of an image of one colour, whose hash is 0.
  const double bound = *middle + 1e-6;
  std::uint64_t hash = 0;
  for (const double coefficient : coefficients) hash = hash << 1 | (coefficient > bound ? 1U : 0U);
  return hash;
}

int HashDistance(std::uint64_t a, std::uint64_t b) { return std::popcount(a ^ b); }

}  // namespace giot::quality
