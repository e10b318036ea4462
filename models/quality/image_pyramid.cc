#include "models/quality/image_pyramid.h"

#include <opencv2/imgproc.hpp>

namespace giot::quality {
namespace {

constexpr std::size_t kThumbnailPixels = 8192;

cv::Mat Halve(const cv::Mat& image) {
  const cv::Size half(image.cols / 2, image.rows / 2);
  cv::Mat halved;
  // An even size takes OpenCV's vectorised path.
  cv::resize(image(cv::Rect(0, 0, 2 * half.width, 2 * half.height)), halved, half, 0, 0, cv::INTER_AREA);
  return halved;
}

cv::Mat ToGrey(const cv::Mat& image) {
  cv::Mat grey;
  cv::cvtColor(image, grey, cv::COLOR_BGR2GRAY);
  return grey;
}

}  // namespace

const cv::Mat& ImagePyramid::Thumbnail() const {
  if (eighth.total() >= kThumbnailPixels) return eighth;
  return quarter.total() >= kThumbnailPixels ? quarter : half;
}

ImagePyramid BuildPyramid(const cv::Mat& image) {
  ImagePyramid pyramid;
  pyramid.half = Halve(image);
  pyramid.quarter = Halve(pyramid.half);
  pyramid.eighth = Halve(pyramid.quarter);
  pyramid.half_grey = ToGrey(pyramid.half);
  pyramid.quarter_grey = ToGrey(pyramid.quarter);
  pyramid.eighth_grey = ToGrey(pyramid.eighth);
  return pyramid;
}

}  // namespace giot::quality
