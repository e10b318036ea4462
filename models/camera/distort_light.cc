#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "models/camera/distortion_kinds.h"
#include "models/camera/field.h"
#include "models/camera/random.h"

namespace giot::camera {
namespace {

constexpr double kGamma = 2.2;

// out[level][channel] for every level; CV_8UC3, as cv::LUT takes it.
template <typename Curve>
cv::Mat Table(const Curve& curve) {
  cv::Mat table(1, 256, CV_8UC3);
  for (int level = 0; level < 256; ++level) {
    for (int c = 0; c < 3; ++c) {
      table.at<cv::Vec3b>(0, level)[c] = cv::saturate_cast<uchar>(255.0 * curve(level / 255.0, c));
    }
  }
  return table;
}

// What a camera shows of a level when `gain` times the light falls in.
double Exposed(double level, double gain) {
  return std::pow(std::min(1.0, std::pow(level, kGamma) * gain), 1.0 / kGamma);
}

}  // namespace

cv::Mat Underexposed(const cv::Mat& image, double severity, std::uint64_t seed) {
  const double gain = std::exp2(-7.0 * std::pow(severity, 1.2));
  cv::Mat dark;
  cv::LUT(image, Table([gain](double level, int) { return Exposed(level, gain); }), dark);
  // The sensor's own noise stays as strong as it is.
  const auto sigma = static_cast<float>(3.0 * severity);
  std::vector<float> normal(static_cast<std::size_t>(3 * image.cols));
  for (int y = 0; y < dark.rows; ++y) {
    FillNormal(normal.data(), 3 * dark.cols, seed, y);
    uchar* row = dark.ptr<uchar>(y);
    for (int i = 0; i < 3 * dark.cols; ++i) {
      const float level = static_cast<float>(row[i]) + sigma * normal[static_cast<std::size_t>(i)];
      row[i] = static_cast<uchar>(std::clamp(level, 0.0F, 254.5F) + 0.5F);
    }
  }
  return dark;
}

cv::Mat Overexposed(const cv::Mat& image, double severity) {
  const double gain = std::exp2(5.5 * std::pow(severity, 1.4));
  cv::Mat bright;
  cv::LUT(image, Table([gain](double level, int) { return Exposed(level, gain); }), bright);
  // Light beyond the sensor's range spreads over its surroundings.
  cv::Mat excess;
  cv::LUT(image,
          Table([gain](double level, int) { return std::min(1.0, 0.1 * (std::pow(level, kGamma) * gain - 1.0)); }),
          excess);
  excess = Soften(excess, 0.02 * image.rows);
  cv::scaleAdd(excess, severity, bright, bright);
  return bright;
}

cv::Mat WithLowContrast(const cv::Mat& image, double severity, std::uint64_t seed) {
  const double middle = Random(seed).Uniform(0.3, 0.65);
  const double contrast = 1.0 - 0.975 * std::pow(severity, 0.8);
  cv::Mat flat;
  cv::LUT(image, Table([&](double level, int) { return middle + contrast * (level - middle); }), flat);
  return flat;
}

cv::Mat WithColourCast(const cv::Mat& image, double severity, std::uint64_t seed) {
  const double hue = Random(seed).Uniform(0.0, 2.0 * std::numbers::pi);
  std::array<double, 3> gain{};
  for (std::size_t c = 0; c < gain.size(); ++c) {
    const double towards = std::cos(hue - 2.0 * std::numbers::pi * static_cast<double>(c) / 3.0);
    gain[c] = std::exp2(severity * (3.5 * towards - 1.5));
  }
  cv::Mat cast;
  cv::LUT(image, Table([&](double level, int c) { return Exposed(level, gain[static_cast<std::size_t>(c)]); }), cast);
  return cast;
}

}  // namespace giot::camera
