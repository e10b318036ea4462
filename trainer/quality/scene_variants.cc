#include "trainer/quality/scene_variants.h"

#include <algorithm>
#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "trainer/quality/dice.h"

namespace giot::trainer {
namespace {

constexpr double kUntouched = 0.25;
constexpr int kLeastHeight = 360;  // To shrink to.

cv::Mat Softened(const cv::Mat& image, double sigma) {
  if (sigma < 0.2) return image;
  cv::Mat soft;
  cv::GaussianBlur(image, soft, {0, 0}, sigma);
  return soft;
}

cv::Mat Sharpened(const cv::Mat& image, double amount) {
  cv::Mat soft;
  cv::Mat sharp;
  cv::GaussianBlur(image, soft, {0, 0}, 1.0);
  cv::addWeighted(image, 1.0 + amount, soft, -amount, 0.0, sharp);
  return sharp;
}

cv::Mat WithGamma(const cv::Mat& image, double gamma) {
  cv::Mat table(1, 256, CV_8U);
  for (int level = 0; level < 256; ++level) {
    table.at<uchar>(0, level) = cv::saturate_cast<uchar>(255.0 * std::pow(level / 255.0, gamma));
  }
  cv::Mat result;
  cv::LUT(image, table, result);
  return result;
}

cv::Mat WithNoise(const cv::Mat& image, double deviation, std::uint64_t seed) {
  cv::Mat noise(image.size(), CV_16SC3);
  cv::RNG(seed).fill(noise, cv::RNG::NORMAL, 0.0, deviation);
  cv::Mat result;
  cv::add(image, noise, result, cv::noArray(), CV_8U);
  return result;
}

cv::Mat Compressed(const cv::Mat& image, int quality) {
  std::vector<uchar> bytes;
  cv::imencode(".jpg", image, bytes, {cv::IMWRITE_JPEG_QUALITY, quality});
  return cv::imdecode(bytes, cv::IMREAD_COLOR);
}

cv::Mat Shrunk(const cv::Mat& image, double factor) {
  factor = std::min(factor, static_cast<double>(image.rows) / kLeastHeight);
  if (factor <= 1.05) return image;
  cv::Mat result;
  cv::resize(image, result, {cvRound(image.cols / factor), cvRound(image.rows / factor)}, 0, 0, cv::INTER_AREA);
  return result;
}

}  // namespace

cv::Mat ThroughCamera(const cv::Mat& image, std::uint64_t seed) {
  Dice dice(seed);
  if (dice.Uniform() < kUntouched) return image;
  cv::Mat result = Softened(image, dice.Between(0.0, 1.1));
  result = WithGamma(result, std::exp2(dice.Between(-0.3, 0.3)));
  const double deviation = dice.Between(0.0, 2.5);
  result = WithNoise(result, deviation, dice.Seed());
  result = Sharpened(result, std::max(0.0, dice.Between(-0.5, 0.6)));
  result = Compressed(result, static_cast<int>(dice.Between(50.0, 96.0)));
  return Shrunk(result, dice.Between(0.8, 1.6));
}

cv::Mat CropOf(const cv::Mat& image, std::uint64_t seed) {
  Dice dice(seed);
  const double share = dice.Between(0.55, 0.8);
  const cv::Size size(cvRound(share * image.cols), cvRound(share * image.rows));
  const cv::Point corner(static_cast<int>(dice.Uniform() * (image.cols - size.width)),
                         static_cast<int>(dice.Uniform() * (image.rows - size.height)));
  cv::Mat crop = image(cv::Rect(corner, size)).clone();
  if (dice.Uniform() < 0.5) cv::flip(crop, crop, 1);
  return crop;
}

void VaryScene(int crops, std::uint64_t seed, Scene& scene) {
  Dice dice(seed);
  if (scene.is_rendered || !scene.is_road) {
    for (cv::Mat& frame : scene.frames) frame = ThroughCamera(frame, dice.Seed());
    return;
  }
  const std::vector<cv::Mat> frames = scene.frames;
  for (const cv::Mat& frame : frames) {
    for (int i = 0; i < crops; ++i) scene.frames.push_back(CropOf(frame, dice.Seed()));
  }
}

}  // namespace giot::trainer
