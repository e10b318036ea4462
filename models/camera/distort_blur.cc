#include <algorithm>
#include <cmath>
#include <numbers>
#include <opencv2/imgproc.hpp>

#include "models/camera/distortion_kinds.h"
#include "models/camera/field.h"
#include "models/camera/random.h"

namespace giot::camera {
namespace {

// Averages the image over a path of 2^passes equal steps in so many passes: each averages what
// the ones before gave with itself moved by as many steps. `move(steps)` is the transform.
template <typename Move>
cv::Mat AverageAlong(const cv::Mat& image, int passes, const Move& move) {
  cv::Mat average = image.clone();
  for (int pass = 0; pass < passes; ++pass) {
    cv::Mat moved;
    cv::warpAffine(average, moved, move(std::ldexp(1.0, pass)), image.size(), cv::INTER_LINEAR | cv::WARP_INVERSE_MAP,
                   cv::BORDER_REFLECT_101);
    cv::addWeighted(average, 0.5, moved, 0.5, 0.0, average);
  }
  return average;
}

// So many that a step is at most one pixel.
int PassesFor(double length) { return std::max(1, static_cast<int>(std::ceil(std::log2(std::max(length, 1.0))))); }

cv::Mat Disk(double radius) {
  const int reach = static_cast<int>(std::ceil(radius));
  cv::Mat disk(2 * reach + 1, 2 * reach + 1, CV_32F);
  for (int y = -reach; y <= reach; ++y) {
    for (int x = -reach; x <= reach; ++x) {
      const double inside = std::clamp(radius + 0.5 - std::hypot(x, y), 0.0, 1.0);
      disk.at<float>(y + reach, x + reach) = static_cast<float>(inside);
    }
  }
  return disk / cv::sum(disk)[0];
}

}  // namespace

cv::Mat GaussianBlurred(const cv::Mat& image, double severity) {
  return Soften(image, 0.018 * image.rows * std::pow(severity, 1.3));
}

cv::Mat MotionBlurred(const cv::Mat& image, double severity, std::uint64_t seed) {
  Random random(seed);
  // A vehicle's shake and turning blur sideways more than up and down.
  const double angle = random.Normal() * 0.5;
  const double length = 0.13 * image.rows * std::pow(severity, 1.5);
  const int passes = PassesFor(length);
  const double step = std::ldexp(length, -passes);
  // Starting half the way back keeps the image where it is.
  const double start = -0.5 * (length - step);
  double offset = start;
  return AverageAlong(image, passes, [&](double steps) {
    const double shift = step * steps + offset;
    offset = 0.0;
    return cv::Matx23d(1, 0, shift * std::cos(angle), 0, 1, shift * std::sin(angle));
  });
}

cv::Mat Defocused(const cv::Mat& image, double severity) {
  // A disk of more pixels than this is applied to a smaller image: a direct filter costs the square of it.
  constexpr double kDirectRadius = 4.0;
  const double radius = 0.030 * image.rows * std::pow(severity, 1.4);
  const double shrink = std::max(1.0, radius / kDirectRadius);
  cv::Mat blurred;
  if (shrink <= 1.0) {
    cv::filter2D(image, blurred, -1, Disk(radius), {-1, -1}, 0.0, cv::BORDER_REFLECT_101);
    return blurred;
  }
  const cv::Size size(std::max(1, cvRound(image.cols / shrink)), std::max(1, cvRound(image.rows / shrink)));
  cv::Mat small;
  cv::resize(image, small, size, 0, 0, cv::INTER_AREA);
  cv::filter2D(small, small, -1, Disk(kDirectRadius), {-1, -1}, 0.0, cv::BORDER_REFLECT_101);
  cv::resize(small, blurred, image.size(), 0, 0, cv::INTER_LINEAR);
  return blurred;
}

cv::Mat ZoomBlurred(const cv::Mat& image, double severity) {
  const double zoom = 1.0 + 0.30 * std::pow(severity, 1.5);
  const double half_diagonal = 0.5 * std::hypot(image.cols, image.rows);
  const int passes = PassesFor((zoom - 1.0) * half_diagonal);
  const double centre_x = 0.5 * (image.cols - 1);
  const double centre_y = 0.5 * (image.rows - 1);
  return AverageAlong(image, passes, [&](double steps) {
    const double scale = std::pow(zoom, -std::ldexp(steps, -passes));
    return cv::Matx23d(scale, 0, centre_x * (1 - scale), 0, scale, centre_y * (1 - scale));
  });
}

cv::Mat GlassBlurred(const cv::Mat& image, double severity, std::uint64_t seed) {
  const double reach = 0.026 * image.rows * std::pow(severity, 1.5);
  const auto spread = static_cast<float>(0.5 * reach);
  cv::Mat map(image.size(), CV_32FC2);
  for (int y = 0; y < map.rows; ++y) {
    float* row = map.ptr<float>(y);
    FillNormal(row, 2 * map.cols, seed, y);
    for (int x = 0; x < map.cols; ++x) {
      row[2 * x] = static_cast<float>(x) + spread * row[2 * x];
      row[2 * x + 1] = static_cast<float>(y) + spread * row[2 * x + 1];
    }
  }
  cv::Mat shuffled;
  cv::remap(image, shuffled, map, cv::noArray(), cv::INTER_LINEAR, cv::BORDER_REFLECT_101);
  return Soften(shuffled, std::min(0.9, 0.25 * reach));
}

}  // namespace giot::camera
