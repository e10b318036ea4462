#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <opencv2/core.hpp>
#include <vector>

#include "models/camera/distortion_kinds.h"
#include "models/camera/field.h"
#include "models/camera/random.h"

namespace giot::camera {
namespace {

uchar Level(float value) { return static_cast<uchar>(std::clamp(value, 0.0F, 255.0F) + 0.5F); }

// Applies level = change(level, normal deviate) to every channel of every pixel.
template <typename Change>
cv::Mat PerLevel(const cv::Mat& image, std::uint64_t seed, const Change& change) {
  cv::Mat noisy(image.size(), CV_8UC3);
  const int count = 3 * image.cols;
  std::vector<float> normal(static_cast<std::size_t>(count));
  for (int y = 0; y < image.rows; ++y) {
    FillNormal(normal.data(), count, seed, y);
    const uchar* in = image.ptr<uchar>(y);
    uchar* out = noisy.ptr<uchar>(y);
    for (int i = 0; i < count; ++i) out[i] = Level(change(in[i], normal[static_cast<std::size_t>(i)]));
  }
  return noisy;
}

// Noise of unit variance, CV_32FC3: a part common to the channels, and grain that is white or, as after
// demosaicing, somewhat soft.
cv::Mat SensorNoise(cv::Size size, std::uint64_t seed) {
  Random random(seed);
  const auto common = static_cast<float>(random.Uniform(0.0, 0.9));
  const float own = std::sqrt(1.0F - common * common);
  const double softness = random.Chance(0.5) ? random.Uniform(0.3, 0.7) : 0.0;
  cv::Mat noise(size, CV_32FC3);
  std::vector<float> luma(static_cast<std::size_t>(size.width));
  for (int y = 0; y < size.height; ++y) {
    float* row = noise.ptr<float>(y);
    FillNormal(row, 3 * size.width, Derive(seed, 1), y);
    FillNormal(luma.data(), size.width, Derive(seed, 2), y);
    for (int x = 0; x < size.width; ++x) {
      const float shared = common * luma[static_cast<std::size_t>(x)];
      for (int c = 0; c < 3; ++c) row[3 * x + c] = shared + own * row[3 * x + c];
    }
  }
  if (softness == 0.0) return noise;
  cv::Mat soft = Soften(noise, softness);
  cv::Scalar mean;
  cv::Scalar deviation;
  cv::meanStdDev(soft, mean, deviation);
  return soft / std::max(deviation[0], 1e-3);
}

}  // namespace

cv::Mat WithGaussianNoise(const cv::Mat& image, double severity, std::uint64_t seed) {
  const cv::Mat noise = SensorNoise(image.size(), seed);
  const auto sigma = static_cast<float>(90.0 * std::pow(severity, 1.3));
  cv::Mat noisy(image.size(), CV_8UC3);
  for (int y = 0; y < image.rows; ++y) {
    const uchar* in = image.ptr<uchar>(y);
    const float* deviate = noise.ptr<float>(y);
    uchar* out = noisy.ptr<uchar>(y);
    for (int i = 0; i < 3 * image.cols; ++i) out[i] = Level(static_cast<float>(in[i]) + sigma * deviate[i]);
  }
  return noisy;
}

cv::Mat WithShotNoise(const cv::Mat& image, double severity, std::uint64_t seed) {
  const double white_deviation = 0.55 * std::pow(severity, 1.3);
  const double photons = 1.0 / (white_deviation * white_deviation);
  const auto level_per_photon = static_cast<float>(255.0 / photons);
  std::array<float, 256> deviation{};
  for (std::size_t i = 0; i < deviation.size(); ++i) {
    deviation[i] = static_cast<float>(std::sqrt(static_cast<double>(i) / 255.0 * photons)) * level_per_photon;
  }
  // Cornish-Fisher's first term makes the normal deviate as skewed as a Poisson one.
  return PerLevel(image, seed, [&](uchar level, float z) {
    return static_cast<float>(level) + deviation[level] * z +
           (level > 0 ? (z * z - 1.0F) / 6.0F * level_per_photon : 0.0F);
  });
}

cv::Mat WithImpulseNoise(const cv::Mat& image, double severity, std::uint64_t seed) {
  const auto threshold = static_cast<std::uint64_t>(0.55 * std::pow(severity, 1.8) * 4294967296.0);
  // Dead pixels of a sensor, or bytes damaged under way.
  const bool whole_pixels = Random(seed).Chance(0.5);
  cv::Mat noisy = image.clone();
  for (int y = 0; y < image.rows; ++y) {
    Random random(Derive(seed, static_cast<std::uint64_t>(y)));
    uchar* row = noisy.ptr<uchar>(y);
    for (int i = 0; i < 3 * image.cols; i += whole_pixels ? 3 : 1) {
      const std::uint64_t bits = random.Next();
      if ((bits >> 32U) >= threshold) continue;
      const uchar level = (bits & 1U) != 0U ? 255 : 0;
      std::fill_n(row + i, whole_pixels ? 3 : 1, level);
    }
  }
  return noisy;
}

cv::Mat WithSpeckleNoise(const cv::Mat& image, double severity, std::uint64_t seed) {
  const auto sigma = static_cast<float>(0.95 * std::pow(severity, 1.3));
  return PerLevel(image, seed,
                  [sigma](uchar level, float z) { return static_cast<float>(level) * (1.0F + sigma * z); });
}

}  // namespace giot::camera
