#include <algorithm>
#include <cmath>
#include <numbers>
#include <opencv2/imgproc.hpp>

#include "models/camera/distortion_kinds.h"
#include "models/camera/field.h"
#include "models/camera/random.h"

namespace giot::camera {
namespace {

constexpr int kShrink = 4;  // Masks with soft edges are made this much smaller.

cv::Size Small(const cv::Mat& image) {
  return {(image.cols + kShrink - 1) / kShrink, (image.rows + kShrink - 1) / kShrink};
}

cv::Mat Enlarged(const cv::Mat& mask, cv::Size size) {
  cv::Mat full;
  cv::resize(mask, full, size, 0, 0, cv::INTER_LINEAR);
  return full;
}

// Specks of many sizes out of focus, the higher the nearer to a speck's middle.
cv::Mat Specks(cv::Size size, Random& random) {
  cv::Mat specks = ValueNoise(size, 0.5 * size.height + 1.0, 3, 0.5, random.Next()) * 0.25;
  for (int i = 0; i < 160; ++i) {
    const double radius = size.height * (0.015 + 0.11 * std::pow(random.Uniform(), 3.0));
    const double x = random.Uniform() * size.width;
    const double y = random.Uniform() * size.height;
    const auto height = static_cast<float>(random.Uniform(0.3, 1.0));
    const int reach = static_cast<int>(std::ceil(2.0 * radius));
    const cv::Rect box =
        cv::Rect(cvFloor(x) - reach, cvFloor(y) - reach, 2 * reach + 1, 2 * reach + 1) & cv::Rect({0, 0}, size);
    for (int row = box.y; row < box.br().y; ++row) {
      float* out = specks.ptr<float>(row);
      for (int column = box.x; column < box.br().x; ++column) {
        const double distance = std::hypot(column - x, row - y) / radius;
        const auto here = static_cast<float>(std::exp(-distance * distance));
        out[column] = std::max(out[column], height * here);
      }
    }
  }
  return specks;
}

// Which parts something opaque covers first: the highest values.
cv::Mat OccluderShape(cv::Size size, Random& random) {
  cv::Mat shape = ValueNoise(size, 0.3 * size.height + 1.0, 4, 0.5, random.Next()) * random.Uniform(0.05, 0.3);
  const bool from_edge = random.Chance(0.5);
  const double angle = random.Uniform(0.0, 2.0 * std::numbers::pi);
  const double x = random.Uniform(0.2, 0.8) * size.width;
  const double y = random.Uniform(0.3, 0.8) * size.height;
  const double stretch = random.Uniform(0.6, 1.6);
  for (int row = 0; row < size.height; ++row) {
    float* out = shape.ptr<float>(row);
    for (int column = 0; column < size.width; ++column) {
      const double dx = (column - x) / size.height;
      const double dy = (row - y) / size.height;
      const double along = dx * std::cos(angle) + dy * std::sin(angle);
      const double across = (dy * std::cos(angle) - dx * std::sin(angle)) * stretch;
      out[column] -= static_cast<float>(from_edge ? along : std::hypot(along, across));
    }
  }
  return shape;
}

struct Droplet {
  double x;
  double y;
  double radius;
  double squash;
};

// Inside a drop the scene is upside down and small, as a short lens shows it; its rim is dark above, light below.
void AddDroplet(const Droplet& drop, cv::Mat& map, cv::Mat& alpha, cv::Mat& shade) {
  const int reach = static_cast<int>(std::ceil(drop.radius * 1.2));
  const cv::Rect box = cv::Rect(cvFloor(drop.x) - reach, cvFloor(drop.y) - reach, 2 * reach + 1, 2 * reach + 1) &
                       cv::Rect({0, 0}, map.size());
  for (int y = box.y; y < box.br().y; ++y) {
    float* to = map.ptr<float>(y);
    float* cover = alpha.ptr<float>(y);
    float* light = shade.ptr<float>(y);
    const double dy = (y - drop.y) / drop.radius * drop.squash;
    for (int x = box.x; x < box.br().x; ++x) {
      const double dx = (x - drop.x) / drop.radius;
      const double distance = dx * dx + dy * dy;
      if (distance >= 1.0) continue;
      const double bend = -drop.radius * (2.0 + 4.0 * distance);
      to[2 * x] = static_cast<float>(drop.x + bend * dx);
      to[2 * x + 1] = static_cast<float>(drop.y + bend * dy);
      cover[x] = std::max(cover[x], static_cast<float>(std::min(1.0, 3.0 * (1.0 - distance))));
      light[x] = static_cast<float>(1.0 + 0.45 * dy * distance - 0.15 * distance);
    }
  }
}

}  // namespace

cv::Mat WithLensDirt(const cv::Mat& image, double severity, std::uint64_t seed) {
  Random random(seed);
  const cv::Size size = Small(image);
  const cv::Mat field =
      random.Chance(0.5) ? Specks(size, random) : ValueNoise(size, 0.25 * size.height + 1.0, 5, 0.6, random.Next());
  const double opacity = 0.55 + 0.42 * severity;
  const float threshold = Quantile(field, 1.0 - 0.95 * std::pow(severity, 1.2));
  const cv::Mat alpha = Enlarged(SoftThreshold(field, threshold, 0.15F) * opacity, image.size());
  // A film that thin lets through some light, scattered.
  const double level = random.Uniform(35.0, 150.0);
  const double brown = random.Uniform(0.0, 0.3) * level;
  cv::Mat film;
  cv::addWeighted(Soften(image, 0.03 * image.rows), 0.35,
                  cv::Mat(image.size(), CV_8UC3, cv::Scalar(level - brown, level, level + 0.5 * brown)), 0.65, 0.0,
                  film);
  return Blend(image, film, alpha);
}

cv::Mat WithDroplets(const cv::Mat& image, double severity, std::uint64_t seed) {
  cv::Mat map(image.size(), CV_32FC2, cv::Scalar::all(0));
  cv::Mat alpha = cv::Mat::zeros(image.size(), CV_32F);
  cv::Mat shade(image.size(), CV_32F, cv::Scalar(1.0));
  const double aspect = static_cast<double>(image.cols) / image.rows;
  const int count = cvRound(140.0 * aspect * severity) + 1;
  for (int i = 0; i < count; ++i) {
    Random random(Derive(seed, static_cast<std::uint64_t>(i)));
    const double size = 0.012 + 0.06 * std::pow(random.Uniform(), 2.0);
    const double growth = 0.5 + 1.1 * severity;
    AddDroplet({.x = random.Uniform() * image.cols,
                .y = random.Uniform() * image.rows,
                .radius = std::max(1.0, size * growth * image.rows),
                .squash = random.Uniform(0.75, 1.1)},
               map, alpha, shade);
  }
  cv::Mat seen;
  cv::remap(Soften(image, 0.01 * image.rows), seen, map, cv::noArray(), cv::INTER_LINEAR, cv::BORDER_REFLECT_101);
  for (int y = 0; y < seen.rows; ++y) {
    uchar* row = seen.ptr<uchar>(y);
    const float* light = shade.ptr<float>(y);
    for (int i = 0; i < 3 * seen.cols; ++i) {
      row[i] = static_cast<uchar>(std::min(255.0F, static_cast<float>(row[i]) * light[i / 3]));
    }
  }
  // Between the drops there is a film of water.
  return Blend(Soften(image, 0.012 * image.rows * severity * severity), seen, alpha);
}

cv::Mat Occluded(const cv::Mat& image, double severity, std::uint64_t seed) {
  Random random(seed);
  const cv::Mat shape = OccluderShape(Small(image), random);
  const float threshold = Quantile(shape, 1.0 - 0.97 * std::pow(severity, 1.1));
  const cv::Mat alpha =
      Enlarged(SoftThreshold(shape, threshold, static_cast<float>(random.Uniform(0.006, 0.06))), image.size());
  const double level = random.Uniform(20.0, 110.0);
  const auto tint = [&random, level] { return level * random.Uniform(0.7, 1.3); };
  const cv::Scalar colour(tint(), tint(), tint());
  cv::Mat texture = ValueNoise(image.size(), 0.02 * image.rows + 1.0, 2, 0.7, random.Next());
  texture.convertTo(texture, CV_8U, 18.0, 30.0);
  cv::Mat surface;
  cv::cvtColor(texture, surface, cv::COLOR_GRAY2BGR);
  surface += colour - cv::Scalar::all(30.0);
  return Blend(image, surface, alpha);
}

}  // namespace giot::camera
