#include "models/camera/attack.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "models/camera/field.h"
#include "models/camera/random.h"

namespace giot::camera {
namespace {

constexpr std::array<Attack, kAttacks> kAll = {
    Attack::kFineGrain,       Attack::kCoarseGrain,  Attack::kSharpen,    Attack::kStrongSharpen,
    Attack::kContrastStretch, Attack::kClahe,        Attack::kGamma,      Attack::kSaturation,
    Attack::kShrinkEnlarge,   Attack::kSharpenGrain, Attack::kClaheGrain, Attack::kDenoiseSharpen};

constexpr std::array<std::string_view, kAttacks> kNames = {
    "fine_grain", "coarse_grain", "sharpen",        "strong_sharpen", "contrast_stretch", "clahe",
    "gamma",      "saturation",   "shrink_enlarge", "sharpen_grain",  "clahe_grain",      "denoise_sharpen"};

// Adds the same grain to all channels, as film has it; `deviation` in levels, `size` the grain's sigma in pixels.
cv::Mat Grained(const cv::Mat& image, double deviation, double size, std::uint64_t seed) {
  cv::Mat grain(image.size(), CV_32F);
  for (int y = 0; y < grain.rows; ++y) FillNormal(grain.ptr<float>(y), grain.cols, seed, y);
  grain = Soften(grain, size);
  cv::Scalar mean;
  cv::Scalar spread;
  cv::meanStdDev(grain, mean, spread);
  const auto scale = static_cast<float>(deviation / std::max(spread[0], 1e-6));
  cv::Mat grained(image.size(), CV_8UC3);
  for (int y = 0; y < image.rows; ++y) {
    const uchar* in = image.ptr<uchar>(y);
    const float* here = grain.ptr<float>(y);
    uchar* out = grained.ptr<uchar>(y);
    for (int i = 0; i < 3 * image.cols; ++i) {
      out[i] = static_cast<uchar>(std::clamp(static_cast<float>(in[i]) + scale * here[i / 3], 0.0F, 255.0F) + 0.5F);
    }
  }
  return grained;
}

// Unsharp masking.
cv::Mat Sharpened(const cv::Mat& image, double amount) {
  cv::Mat sharpened;
  cv::addWeighted(image, 1.0 + amount, Soften(image, 1.5), -amount, 0.0, sharpened);
  return sharpened;
}

cv::Mat Mixed(const cv::Mat& image, const cv::Mat& other, double strength) {
  cv::Mat mixed;
  cv::addWeighted(image, 1.0 - strength, other, strength, 0.0, mixed);
  return mixed;
}

// The level below which a share of all bytes lies.
double LevelAt(const cv::Mat& image, double share) {
  std::array<std::size_t, 256> histogram{};
  for (int y = 0; y < image.rows; ++y) {
    const uchar* row = image.ptr<uchar>(y);
    for (int i = 0; i < 3 * image.cols; ++i) ++histogram[row[i]];
  }
  const double wanted = share * 3.0 * static_cast<double>(image.total());
  double below = 0.0;
  for (std::size_t level = 0; level < histogram.size(); ++level) {
    below += static_cast<double>(histogram[level]);
    if (below > wanted) return static_cast<double>(level);
  }
  return 255.0;
}

cv::Mat Stretched(const cv::Mat& image, double strength) {
  const double low = LevelAt(image, 0.01);
  const double high = std::max(LevelAt(image, 0.99), low + 1.0);
  cv::Mat stretched;
  image.convertTo(stretched, CV_8U, 255.0 / (high - low), -255.0 * low / (high - low));
  return Mixed(image, stretched, strength);
}

// Contrast-limited adaptive histogram equalisation (Zuiderveld 1994) of the lightness.
cv::Mat Equalised(const cv::Mat& image, double strength) {
  std::vector<cv::Mat> planes;
  cv::Mat converted;
  cv::cvtColor(image, converted, cv::COLOR_BGR2YCrCb);
  cv::split(converted, planes);
  cv::createCLAHE(3.0, {8, 8})->apply(planes[0], planes[0]);
  cv::merge(planes, converted);
  cv::cvtColor(converted, converted, cv::COLOR_YCrCb2BGR);
  return Mixed(image, converted, strength);
}

// Brighter shadows or darker ones, as the seed says.
cv::Mat GammaChanged(const cv::Mat& image, double strength, std::uint64_t seed) {
  const double exponent = std::exp2(Random(seed).Chance(0.5) ? 0.8 * strength : -0.8 * strength);
  cv::Mat table(1, 256, CV_8U);
  for (int level = 0; level < 256; ++level) {
    table.at<uchar>(0, level) = cv::saturate_cast<uchar>(255.0 * std::pow(level / 255.0, exponent));
  }
  cv::Mat changed;
  cv::LUT(image, table, changed);
  return changed;
}

cv::Mat Saturated(const cv::Mat& image, double strength) {
  cv::Mat grey;
  cv::cvtColor(image, grey, cv::COLOR_BGR2GRAY);
  cv::cvtColor(grey, grey, cv::COLOR_GRAY2BGR);
  cv::Mat saturated;
  cv::addWeighted(image, 1.0 + strength, grey, -strength, 0.0, saturated);
  return saturated;
}

cv::Mat ShrunkEnlarged(const cv::Mat& image, double strength) {
  const double factor = 1.0 + strength;
  const cv::Size size(std::max(1, cvRound(image.cols / factor)), std::max(1, cvRound(image.rows / factor)));
  cv::Mat small;
  cv::Mat enlarged;
  cv::resize(image, small, size, 0, 0, cv::INTER_AREA);
  cv::resize(small, enlarged, image.size(), 0, 0, cv::INTER_CUBIC);
  return enlarged;
}

cv::Mat DenoisedSharpened(const cv::Mat& image, double strength) {
  cv::Mat denoised;
  cv::bilateralFilter(image, denoised, 5, 15.0 + 45.0 * strength, 2.0, cv::BORDER_REFLECT_101);
  return Sharpened(Mixed(image, denoised, strength), 1.2 * strength);
}

}  // namespace

const std::array<Attack, kAttacks>& AllAttacks() { return kAll; }

std::string_view NameOf(Attack attack) { return kNames[static_cast<std::size_t>(attack)]; }

cv::Mat ApplyAttack(const cv::Mat& image, Attack attack, double strength, std::uint64_t seed) {
  CV_Assert(image.type() == CV_8UC3);
  // Also where it is not a number.
  if (!(strength > 0.0) || image.empty()) return image.clone();
  // Filters would look beyond a view's border.
  if (image.isSubmatrix()) return ApplyAttack(image.clone(), attack, strength, seed);
  strength = std::min(strength, 1.0);
  switch (attack) {
    case Attack::kFineGrain:
      return Grained(image, 9.0 * strength, 0.0, seed);
    case Attack::kCoarseGrain:
      return Grained(image, 9.0 * strength, 1.2, seed);
    case Attack::kSharpen:
      return Sharpened(image, 0.9 * strength);
    case Attack::kStrongSharpen:
      return Sharpened(image, 3.0 * strength);
    case Attack::kContrastStretch:
      return Stretched(image, strength);
    case Attack::kClahe:
      return Equalised(image, strength);
    case Attack::kGamma:
      return GammaChanged(image, strength, seed);
    case Attack::kSaturation:
      return Saturated(image, strength);
    case Attack::kShrinkEnlarge:
      return ShrunkEnlarged(image, strength);
    case Attack::kSharpenGrain:
      return Grained(Sharpened(image, 1.5 * strength), 6.0 * strength, 0.0, seed);
    case Attack::kClaheGrain:
      return Grained(Equalised(image, strength), 6.0 * strength, 0.0, seed);
    case Attack::kDenoiseSharpen:
      return DenoisedSharpened(image, strength);
  }
  CV_Error(cv::Error::StsBadArg, "unknown attack");
}

}  // namespace giot::camera
