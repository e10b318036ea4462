#include "models/quality/gmsd.h"

#include <algorithm>
#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace giot::quality {
namespace {

// The paper's stabilising constant for levels of 0..255.
constexpr float kStabilizer = 170.0F;
constexpr int kMaxShiftShare = 8;

// Prewitt, as in the paper.
cv::Mat GradientMagnitude(const cv::Mat& grey) {
  const cv::Mat across = (cv::Mat_<float>(3, 3) << 1, 0, -1, 1, 0, -1, 1, 0, -1) / 3.0F;
  cv::Mat x, y, magnitude;
  cv::filter2D(grey, x, CV_32F, across, cv::Point(-1, -1), 0.0, cv::BORDER_REPLICATE);
  cv::filter2D(grey, y, CV_32F, across.t(), cv::Point(-1, -1), 0.0, cv::BORDER_REPLICATE);
  cv::magnitude(x, y, magnitude);
  return magnitude;
}

cv::Mat HalfGrey(const cv::Mat& image, cv::Size half) {
  cv::Mat grey, small;
  cv::cvtColor(image, grey, cv::COLOR_BGR2GRAY);
  cv::resize(grey, small, half, 0, 0, cv::INTER_AREA);
  return small;
}

// By how much `image` must be moved to lie on `reference`, in whole pixels.
cv::Point FindShift(const cv::Mat& image, const cv::Mat& reference) {
  cv::Mat from, to, window;
  image.convertTo(from, CV_32F);
  reference.convertTo(to, CV_32F);
  cv::createHanningWindow(window, image.size(), CV_32F);
  const cv::Point2d shift = cv::phaseCorrelate(from, to, window);
  const bool is_small =
      std::abs(shift.x) * kMaxShiftShare <= image.cols && std::abs(shift.y) * kMaxShiftShare <= image.rows;
  return is_small ? cv::Point(cvRound(shift.x), cvRound(shift.y)) : cv::Point();
}

}  // namespace

double Gmsd(const cv::Mat& image, const cv::Mat& reference) {
  const cv::Mat a = GradientMagnitude(image);
  const cv::Mat b = GradientMagnitude(reference);
  double sum = 0.0;
  double square = 0.0;
  for (int y = 0; y < a.rows; ++y) {
    const float* from_a = a.ptr<float>(y);
    const float* from_b = b.ptr<float>(y);
    for (int x = 0; x < a.cols; ++x) {
      const float numerator = 2.0F * from_a[x] * from_b[x] + kStabilizer;
      const float denominator = from_a[x] * from_a[x] + from_b[x] * from_b[x] + kStabilizer;
      // Of what lacks to 1, which is mostly small, so that the variance loses no digits.
      const double lacking = 1.0 - static_cast<double>(numerator / denominator);
      sum += lacking;
      square += lacking * lacking;
    }
  }
  const auto count = static_cast<double>(a.total());
  const double mean = sum / count;
  return std::sqrt(std::max(0.0, square / count - mean * mean));
}

double AlignedGmsd(const cv::Mat& image, const cv::Mat& reference) {
  const cv::Size half(image.cols / 2, image.rows / 2);
  const cv::Mat a = HalfGrey(image, half);
  const cv::Mat b = HalfGrey(reference, half);
  const cv::Point shift = FindShift(a, b);
  const cv::Rect whole(cv::Point(), half);
  const cv::Rect shared = whole & (whole + shift);
  return Gmsd(a(shared - shift), b(shared));
}

double UsefulnessOfGmsd(double gmsd) { return std::max(0.0, 1.0 - gmsd / kWorstGmsd); }

}  // namespace giot::quality
