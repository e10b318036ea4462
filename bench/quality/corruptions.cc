#include "bench/quality/corruptions.h"

#include <cstddef>
#include <numbers>
#include <opencv2/core.hpp>

#include "bench/quality/corruption_kinds.h"

namespace giot::bench {
namespace {

constexpr std::array<Corruption, kCorruptions> kAll = {
    Corruption::kGaussianNoise, Corruption::kShotNoise,  Corruption::kImpulseNoise, Corruption::kDefocusBlur,
    Corruption::kGlassBlur,     Corruption::kMotionBlur, Corruption::kZoomBlur,     Corruption::kSnow,
    Corruption::kFrost,         Corruption::kFog,        Corruption::kBrightness,   Corruption::kContrast,
    Corruption::kElastic,       Corruption::kPixelate,   Corruption::kJpeg};

constexpr std::array<std::string_view, kCorruptions> kNames = {
    "gaussian_noise", "shot_noise", "impulse_noise", "defocus_blur", "glass_blur", "motion_blur", "zoom_blur", "snow",
    "frost",          "fog",        "brightness",    "contrast",     "elastic",    "pixelate",    "jpeg"};

template <typename T>
using PerSeverity = std::array<T, kCorruptionSeverities>;

}  // namespace

const std::array<Corruption, kCorruptions>& AllCorruptions() { return kAll; }

std::string_view NameOf(Corruption corruption) { return kNames[static_cast<std::size_t>(corruption)]; }

cv::Mat Corrupt(const cv::Mat& image, Corruption corruption, int severity, std::uint64_t seed) {
  CV_Assert(image.type() == CV_8UC3 && severity >= 1 && severity <= kCorruptionSeverities);
  constexpr PerSeverity<double> kGaussian = {0.08, 0.12, 0.18, 0.26, 0.38};
  constexpr PerSeverity<double> kPhotons = {60, 25, 12, 5, 3};
  constexpr PerSeverity<double> kImpulses = {0.03, 0.06, 0.09, 0.17, 0.27};
  constexpr PerSeverity<DefocusStrength> kDefocus = {{{3, 0.1}, {4, 0.5}, {6, 0.5}, {8, 0.5}, {10, 0.5}}};
  constexpr PerSeverity<GlassStrength> kGlass = {{{0.7, 1, 2}, {0.9, 2, 1}, {1.0, 2, 3}, {1.1, 3, 2}, {1.5, 4, 2}}};
  constexpr PerSeverity<MotionStrength> kMotion = {{{10, 3}, {15, 5}, {15, 8}, {15, 12}, {20, 15}}};
  constexpr PerSeverity<ZoomStrength> kZoom = {{{1.11, 0.01}, {1.16, 0.01}, {1.21, 0.02}, {1.26, 0.02}, {1.31, 0.03}}};
  constexpr PerSeverity<SnowStrength> kSnow = {{{0.1, 0.3, 3, 0.5, 10, 4, 0.8},
                                                {0.2, 0.3, 2, 0.5, 12, 4, 0.7},
                                                {0.55, 0.3, 4, 0.9, 12, 8, 0.7},
                                                {0.55, 0.3, 4.5, 0.85, 12, 8, 0.65},
                                                {0.55, 0.3, 2.5, 0.85, 12, 12, 0.55}}};
  constexpr PerSeverity<MixStrength> kFrost = {{{1.0, 0.4}, {0.8, 0.6}, {0.7, 0.7}, {0.65, 0.7}, {0.6, 0.75}}};
  constexpr PerSeverity<FogStrength> kFog = {{{1.5, 2}, {2, 2}, {2.5, 1.7}, {2.5, 1.5}, {3, 1.4}}};
  constexpr PerSeverity<double> kBrightness = {0.1, 0.2, 0.3, 0.4, 0.5};
  constexpr PerSeverity<double> kContrast = {0.4, 0.3, 0.2, 0.1, 0.05};
  constexpr PerSeverity<ElasticStrength> kElastic = {
      {{2, 0.7, 0.1}, {2, 0.08, 0.2}, {0.05, 0.01, 0.02}, {0.07, 0.01, 0.02}, {0.12, 0.01, 0.02}}};
  constexpr PerSeverity<double> kPixels = {0.6, 0.5, 0.4, 0.3, 0.25};
  constexpr PerSeverity<int> kQuality = {25, 18, 15, 10, 7};

  const auto level = static_cast<std::size_t>(severity - 1);
  Chance chance(seed);
  switch (corruption) {
    case Corruption::kGaussianNoise:
      return GaussianNoise(image, kGaussian[level], chance);
    case Corruption::kShotNoise:
      return ShotNoise(image, kPhotons[level], chance);
    case Corruption::kImpulseNoise:
      return ImpulseNoise(image, kImpulses[level], chance);
    case Corruption::kDefocusBlur:
      return DefocusBlur(image, kDefocus[level]);
    case Corruption::kGlassBlur:
      return GlassBlur(image, kGlass[level], chance);
    case Corruption::kMotionBlur:
      return MotionBlur(image, kMotion[level], chance.Uniform(-0.25, 0.25) * std::numbers::pi);
    case Corruption::kZoomBlur:
      return ZoomBlur(image, kZoom[level]);
    case Corruption::kSnow:
      return Snow(image, kSnow[level], chance);
    case Corruption::kFrost:
      return Frost(image, kFrost[level], chance);
    case Corruption::kFog:
      return Fog(image, kFog[level], chance);
    case Corruption::kBrightness:
      return Brightness(image, kBrightness[level]);
    case Corruption::kContrast:
      return Contrast(image, kContrast[level]);
    case Corruption::kElastic:
      return Elastic(image, kElastic[level], chance);
    case Corruption::kPixelate:
      return Pixelate(image, kPixels[level]);
    case Corruption::kJpeg:
      return Jpeg(image, kQuality[level]);
  }
  CV_Error(cv::Error::StsBadArg, "unknown corruption");
}

}  // namespace giot::bench
