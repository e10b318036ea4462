#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "models/camera/distortion_kinds.h"
#include "models/camera/wavelet.h"

namespace giot::camera {
namespace {

constexpr int kLevels = 5;

// A quantiser with a dead zone of twice the step, as JPEG 2000's; the coarse image, whose samples lie where both
// coordinates are multiples of 2^levels, is spared.
void Quantise(cv::Mat& plane, float step) {
  constexpr int kCoarse = (1 << kLevels) - 1;
  const float per_step = 1.0F / step;
  for (int y = 0; y < plane.rows; ++y) {
    float* row = plane.ptr<float>(y);
    std::vector<float> coarse;
    for (int x = 0; (y & kCoarse) == 0 && x < plane.cols; x += kCoarse + 1) coarse.push_back(row[x]);
    for (int x = 0; x < plane.cols; ++x) {
      const float index = std::trunc(row[x] * per_step);
      row[x] = index == 0.0F ? 0.0F : (index + std::copysign(0.5F, index)) * step;
    }
    for (std::size_t i = 0; i < coarse.size(); ++i) row[static_cast<int>(i) * (kCoarse + 1)] = coarse[i];
  }
}

void CompressPlane(cv::Mat& plane, float step) {
  cv::Mat coefficients;
  plane.convertTo(coefficients, CV_32F);
  WaveletForward(coefficients, kLevels);
  Quantise(coefficients, step);
  WaveletInverse(coefficients, kLevels);
  coefficients.convertTo(plane, CV_8U);
}

// How many times fewer lines an image of that size keeps: down to 34 of them, or a sixth of a small image's.
double ShrinkFactor(const cv::Mat& image, double severity) {
  return std::pow(std::max(6.0, image.rows / 34.0), severity);
}

cv::Mat Shrunk(const cv::Mat& image, double factor) {
  const cv::Size size(std::max(1, cvRound(image.cols / factor)), std::max(1, cvRound(image.rows / factor)));
  cv::Mat small;
  cv::resize(image, small, size, 0, 0, cv::INTER_AREA);
  return small;
}

}  // namespace

cv::Mat JpegCompressed(const cv::Mat& image, double severity) {
  const int quality = std::max(1, static_cast<int>(std::lround(90.0 * std::pow(2.0 / 90.0, severity))));
  std::vector<uchar> bytes;
  cv::imencode(".jpg", image, bytes, {cv::IMWRITE_JPEG_QUALITY, quality});
  return cv::imdecode(bytes, cv::IMREAD_COLOR);
}

cv::Mat WaveletCompressed(const cv::Mat& image, double severity) {
  const auto step = static_cast<float>(2.0 + 400.0 * std::pow(severity, 1.8));
  cv::Mat luma_chroma;
  cv::cvtColor(image, luma_chroma, cv::COLOR_BGR2YCrCb);
  std::array<cv::Mat, 3> planes;
  cv::split(luma_chroma, planes.data());
  CompressPlane(planes[0], step);
  const cv::Size half((image.cols + 1) / 2, (image.rows + 1) / 2);
  for (std::size_t c = 1; c < planes.size(); ++c) {
    cv::Mat small;
    cv::resize(planes[c], small, half, 0, 0, cv::INTER_AREA);
    CompressPlane(small, step);
    cv::resize(small, planes[c], image.size(), 0, 0, cv::INTER_LINEAR);
  }
  cv::merge(planes.data(), planes.size(), luma_chroma);
  cv::Mat compressed;
  cv::cvtColor(luma_chroma, compressed, cv::COLOR_YCrCb2BGR);
  return compressed;
}

cv::Mat ShrunkAndEnlarged(const cv::Mat& image, double severity) {
  cv::Mat enlarged;
  cv::resize(Shrunk(image, ShrinkFactor(image, severity)), enlarged, image.size(), 0, 0, cv::INTER_CUBIC);
  return enlarged;
}

cv::Mat Pixelated(const cv::Mat& image, double severity) {
  cv::Mat enlarged;
  cv::resize(Shrunk(image, ShrinkFactor(image, severity)), enlarged, image.size(), 0, 0, cv::INTER_NEAREST);
  return enlarged;
}

}  // namespace giot::camera
