#include <algorithm>
#include <array>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "bench/quality/corruption_kinds.h"

namespace giot::bench {

cv::Mat ToUnit(const cv::Mat& image) {
  cv::Mat unit;
  image.convertTo(unit, CV_32F, 1.0 / 255.0);
  return unit;
}
cv::Mat ToLevels(const cv::Mat& unit) {
  cv::Mat levels;
  unit.convertTo(levels, CV_8U, 255.0);
  return levels;
}

cv::Mat Brightness(const cv::Mat& image, double added) {
  cv::Mat changed;
  cv::cvtColor(ToUnit(image), changed, cv::COLOR_BGR2HSV);
  std::vector<cv::Mat> planes;
  cv::split(changed, planes);
  cv::min(planes[2] + added, 1.0, planes[2]);
  cv::merge(planes, changed);
  cv::cvtColor(changed, changed, cv::COLOR_HSV2BGR);
  return ToLevels(changed);
}

cv::Mat Contrast(const cv::Mat& image, double factor) {
  const cv::Scalar mean = cv::mean(image);
  cv::Mat changed;
  image.convertTo(changed, CV_32F, factor);
  changed += mean * (1.0 - factor);
  changed.convertTo(changed, CV_8U);
  return changed;
}

cv::Mat Elastic(const cv::Mat& image, const ElasticStrength& strength, Chance& chance) {
  const double lines = image.rows;
  // The paper's affine part: three corners of a square about the middle move.
  const auto middle_x = static_cast<float>(0.5 * image.cols);
  const auto middle_y = static_cast<float>(0.5 * lines);
  const auto third = static_cast<float>(lines / 3.0);
  const std::array<cv::Point2f, 3> from = {cv::Point2f(middle_x + third, middle_y + third),
                                           cv::Point2f(middle_x + third, middle_y - third),
                                           cv::Point2f(middle_x - third, middle_y - third)};
  std::array<cv::Point2f, 3> to = from;
  const double reach = strength.affine * lines;
  for (cv::Point2f& corner : to) {
    corner += cv::Point2f(static_cast<float>(chance.Uniform(-reach, reach)),
                          static_cast<float>(chance.Uniform(-reach, reach)));
  }
  cv::Mat moved;
  cv::warpAffine(image, moved, cv::getAffineTransform(from.data(), to.data()), image.size(), cv::INTER_LINEAR,
                 cv::BORDER_REFLECT_101);

  cv::Mat map(image.size(), CV_32FC2);
  for (int y = 0; y < map.rows; ++y) {
    float* row = map.ptr<float>(y);
    for (int i = 0; i < 2 * map.cols; ++i) row[i] = static_cast<float>(chance.Uniform(-1.0, 1.0));
  }
  cv::GaussianBlur(map, map, {}, std::max(0.5, strength.sigma * lines), 0.0, cv::BORDER_REFLECT_101);
  map *= strength.reach * lines;
  for (int y = 0; y < map.rows; ++y) {
    auto* row = map.ptr<cv::Vec2f>(y);
    for (int x = 0; x < map.cols; ++x) row[x] += cv::Vec2f(static_cast<float>(x), static_cast<float>(y));
  }
  cv::Mat elastic;
  cv::remap(moved, elastic, map, cv::noArray(), cv::INTER_LINEAR, cv::BORDER_REFLECT_101);
  return elastic;
}

cv::Mat Pixelate(const cv::Mat& image, double share) {
  share /= LengthScale(image);
  cv::Mat pixelated;
  cv::resize(image, pixelated, {std::max(1, cvRound(image.cols * share)), std::max(1, cvRound(image.rows * share))}, 0,
             0, cv::INTER_AREA);
  cv::resize(pixelated, pixelated, image.size(), 0, 0, cv::INTER_NEAREST);
  return pixelated;
}

cv::Mat Jpeg(const cv::Mat& image, int quality) {
  std::vector<uchar> bytes;
  cv::imencode(".jpg", image, bytes, {cv::IMWRITE_JPEG_QUALITY, quality});
  return cv::imdecode(bytes, cv::IMREAD_COLOR);
}

}  // namespace giot::bench
