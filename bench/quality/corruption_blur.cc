#include <algorithm>
#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "bench/quality/corruption_kinds.h"

namespace giot::bench {

double LengthScale(const cv::Mat& image) { return std::sqrt(image.rows / 224.0); }

cv::Mat DefocusBlur(const cv::Mat& image, const DefocusStrength& strength) {
  const double radius = strength.radius * LengthScale(image);
  const int half = static_cast<int>(std::ceil(radius)) + 1;
  cv::Mat disk(2 * half + 1, 2 * half + 1, CV_32F);
  for (int y = -half; y <= half; ++y) {
    for (int x = -half; x <= half; ++x)
      disk.at<float>(y + half, x + half) = x * x + y * y <= radius * radius ? 1.0F : 0.0F;
  }
  cv::GaussianBlur(disk, disk, {3, 3}, strength.alias);
  disk /= cv::sum(disk)[0];
  cv::Mat blurred;
  cv::filter2D(image, blurred, -1, disk, {-1, -1}, 0.0, cv::BORDER_REFLECT_101);
  return blurred;
}

cv::Mat GlassBlur(const cv::Mat& image, const GlassStrength& strength, Chance& chance) {
  const double scale = LengthScale(image);
  const double sigma = strength.sigma * scale;
  const int reach = std::max(1, static_cast<int>(std::lround(strength.reach * scale)));
  cv::Mat glass;
  cv::GaussianBlur(image, glass, {}, sigma);
  for (int round = 0; round < strength.rounds; ++round) {
    for (int y = glass.rows - 1 - reach; y >= reach; --y) {
      for (int x = glass.cols - 1 - reach; x >= reach; --x) {
        const int other_x = x + chance.Below(2 * reach + 1) - reach;
        const int other_y = y + chance.Below(2 * reach + 1) - reach;
        std::swap(glass.at<cv::Vec3b>(y, x), glass.at<cv::Vec3b>(other_y, other_x));
      }
    }
  }
  cv::GaussianBlur(glass, glass, {}, sigma);
  return glass;
}

namespace {

// A one-sided Gaussian along a line: light trails off the way the camera came.
cv::Mat MotionKernel(double radius, double sigma, double angle) {
  const int half = static_cast<int>(std::ceil(radius)) + 1;
  cv::Mat kernel = cv::Mat::zeros(2 * half + 1, 2 * half + 1, CV_32F);
  constexpr double kStep = 0.25;
  for (double along = 0.0; along <= radius; along += kStep) {
    const double x = half + along * std::cos(angle);
    const double y = half + along * std::sin(angle);
    const int left = cvFloor(x);
    const int top = cvFloor(y);
    const double weight = std::exp(-along * along / (2.0 * sigma * sigma));
    for (int dy = 0; dy <= 1; ++dy) {
      for (int dx = 0; dx <= 1; ++dx) {
        const double share = (1.0 - std::abs(x - left - dx)) * (1.0 - std::abs(y - top - dy));
        if (left + dx < kernel.cols && top + dy < kernel.rows) {
          kernel.at<float>(top + dy, left + dx) += static_cast<float>(weight * share);
        }
      }
    }
  }
  return kernel / cv::sum(kernel)[0];
}

}  // namespace

cv::Mat MotionBlur(const cv::Mat& image, const MotionStrength& strength, double angle) {
  const double scale = LengthScale(image);
  cv::Mat blurred;
  cv::filter2D(image, blurred, -1, MotionKernel(strength.radius * scale, strength.sigma * scale, angle), {-1, -1}, 0.0,
               cv::BORDER_REFLECT_101);
  return blurred;
}

cv::Mat CentreZoomed(const cv::Mat& image, double zoom) {
  cv::Mat zoomed;
  cv::Mat transform = cv::getRotationMatrix2D(
      {0.5F * static_cast<float>(image.cols), 0.5F * static_cast<float>(image.rows)}, 0.0, zoom);
  cv::warpAffine(image, zoomed, transform, image.size(), cv::INTER_LINEAR, cv::BORDER_REFLECT_101);
  return zoomed;
}

cv::Mat ZoomBlur(const cv::Mat& image, const ZoomStrength& strength) {
  const cv::Mat unit = ToUnit(image);
  cv::Mat sum = unit.clone();
  int count = 1;
  // The paper's steps are for images of 224 lines; on larger ones they would leave copies side by side, not a blur.
  const double step = strength.step * 224.0 / std::max(224, image.rows);
  for (int i = 0; 1.0 + i * step < strength.most; ++i, ++count) sum += CentreZoomed(unit, 1.0 + i * step);
  return ToLevels(sum / count);
}

}  // namespace giot::bench
