#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "models/camera/distortion_kinds.h"
#include "models/camera/field.h"
#include "models/camera/random.h"

namespace giot::camera {
namespace {

// Share of an air light between camera and scene: optical depth, which grows from the image's lower edge to a
// horizon about its middle as on a road, thickened and thinned by slow noise.
cv::Mat Veil(cv::Size size, double density, Random& random) {
  const cv::Size small((size.width + 7) / 8, (size.height + 7) / 8);
  const double horizon = random.Uniform(0.38, 0.52);
  cv::Mat veil = ValueNoise(small, 0.35 * small.width + 1.0, 4, 0.6, random.Next());
  for (int y = 0; y < small.height; ++y) {
    const double below = std::max(0.0, (y + 0.5) / small.height - horizon) / (1.0 - horizon);
    const double depth = 0.30 + 0.70 / (1.0 + 7.0 * below);
    float* row = veil.ptr<float>(y);
    for (int x = 0; x < small.width; ++x) {
      row[x] = static_cast<float>(1.0 - std::exp(-density * depth * (1.0 + 0.35 * static_cast<double>(row[x]))));
    }
  }
  cv::Mat full;
  cv::resize(veil, full, size, 0, 0, cv::INTER_LINEAR);
  return full;
}

cv::Scalar AirLight(double level, Random& random) {
  const double blue = random.Uniform(-2.0, 8.0);
  return {level + blue, level, level - blue};
}

// A mask, CV_8U, of falling drops or flakes as short strokes.
struct Strokes {
  int count;
  double length;  // Pixels, the longest.
  double width;   // Pixels, the thickest.
  double angle;   // Radians from straight down.
  double angle_noise;
  int opacity;  // Of the nearest, up to 255.
};
cv::Mat Draw(cv::Size size, const Strokes& strokes, std::uint64_t seed) {
  constexpr int kShift = 4;
  cv::Mat mask = cv::Mat::zeros(size, CV_8U);
  for (int i = 0; i < strokes.count; ++i) {
    Random random(Derive(seed, static_cast<std::uint64_t>(i)));
    // Near ones, big and quick, are few.
    const double nearness = std::pow(random.Uniform(), 2.0);
    const double length = strokes.length * (0.25 + 0.75 * nearness);
    const double angle = strokes.angle + strokes.angle_noise * random.Normal();
    const double x = random.Uniform(-0.1, 1.1) * size.width;
    const double y = random.Uniform(-0.1, 1.0) * size.height;
    const auto fixed = [](double px, double py) {
      return cv::Point(cvRound(px * (1 << kShift)), cvRound(py * (1 << kShift)));
    };
    const int thickness = std::max(1, cvRound(strokes.width * nearness));
    const int opacity = cvRound(strokes.opacity * random.Uniform(0.45, 1.0));
    cv::line(mask, fixed(x, y), fixed(x + length * std::sin(angle), y + length * std::cos(angle)), cv::Scalar(opacity),
             thickness, cv::LINE_AA, kShift);
  }
  return mask;
}

cv::Mat Cover(const cv::Mat& image, const cv::Mat& mask, double softness, const cv::Scalar& colour) {
  cv::Mat alpha;
  Soften(mask, softness).convertTo(alpha, CV_32F, 1.0 / 255.0);
  return Blend(image, colour, alpha);
}

}  // namespace

cv::Mat Hazed(const cv::Mat& image, double severity, std::uint64_t seed) {
  Random random(seed);
  const cv::Scalar air = AirLight(random.Uniform(185.0, 235.0), random);
  return Blend(image, air, Veil(image.size(), 7.0 * std::pow(severity, 1.4), random));
}

cv::Mat Rained(const cv::Mat& image, double severity, std::uint64_t seed) {
  Random random(seed);
  const cv::Scalar air = AirLight(random.Uniform(150.0, 200.0), random);
  const double angle = 0.25 * random.Normal();
  // A wet windscreen or lens softens as well.
  cv::Mat rained = Soften(image, 0.007 * image.rows * std::pow(severity, 1.5));
  rained = Blend(rained, air, Veil(image.size(), 2.2 * std::pow(severity, 1.4), random));
  const Strokes strokes{.count = cvRound(3500 * std::pow(severity, 1.3)),
                        .length = image.rows * (0.03 + 0.10 * severity),
                        .width = image.rows * (0.002 + 0.006 * severity),
                        .angle = angle,
                        .angle_noise = 0.03,
                        .opacity = 110 + cvRound(90 * severity)};
  return Cover(rained, Draw(image.size(), strokes, random.Next()), 0.0012 * image.rows, air + cv::Scalar::all(35));
}

cv::Mat Snowed(const cv::Mat& image, double severity, std::uint64_t seed) {
  Random random(seed);
  const cv::Scalar air = AirLight(random.Uniform(205.0, 235.0), random);
  const double angle = 0.6 * random.Normal();
  const cv::Mat veiled = Blend(image, air, Veil(image.size(), 2.2 * std::pow(severity, 1.4), random));
  const Strokes flakes{.count = cvRound(3500 * std::pow(severity, 1.3)),
                       .length = image.rows * (0.004 + 0.03 * severity),
                       .width = image.rows * (0.006 + 0.018 * severity),
                       .angle = angle,
                       .angle_noise = 0.4,
                       .opacity = 200 + cvRound(55 * severity)};
  return Cover(veiled, Draw(image.size(), flakes, random.Next()), 0.0022 * image.rows, cv::Scalar::all(248));
}

}  // namespace giot::camera
