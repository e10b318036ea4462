#include <algorithm>
#include <cmath>
#include <numbers>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "bench/quality/corruption_kinds.h"

namespace giot::bench {

namespace {

// A needle of ice, with smaller ones off both sides.
void DrawCrystal(cv::Mat& ice, cv::Point2d from, double angle, double length, int depth, Chance& chance) {
  const cv::Point2d way(std::cos(angle), std::sin(angle));
  const cv::Point2d to = from + way * length;
  const auto fixed = [](const cv::Point2d& at) { return cv::Point(cvRound(at.x * 16.0), cvRound(at.y * 16.0)); };
  cv::line(ice, fixed(from), fixed(to), cv::Scalar(chance.Uniform(0.35, 1.0)), std::max(1, cvRound(length * 0.03)),
           cv::LINE_8, 4);
  if (depth == 0 || length < 5.0) return;
  for (double along = 0.2; along < 0.95; along += 0.13) {
    for (const double side : {-1.0, 1.0}) {
      DrawCrystal(ice, from + way * (length * along), angle + side * chance.Uniform(0.7, 1.1),
                  length * (1.0 - along) * chance.Uniform(0.3, 0.6), depth - 1, chance);
    }
  }
}

cv::Mat Ice(cv::Size size, Chance& chance) {
  cv::Mat ice = cv::Mat::zeros(size, CV_32F);
  for (int i = 0; i < 110; ++i) {
    // From the rim inwards, as a pane freezes.
    const double rim = chance.Uniform() * chance.Uniform() * 0.5;
    const double along = chance.Uniform();
    const int edge = chance.Below(4);
    const cv::Point2d at = edge == 0   ? cv::Point2d(along, rim)
                           : edge == 1 ? cv::Point2d(along, 1.0 - rim)
                           : edge == 2 ? cv::Point2d(rim, along)
                                       : cv::Point2d(1.0 - rim, along);
    DrawCrystal(ice, {at.x * size.width, at.y * size.height}, chance.Uniform(0.0, 2.0 * std::numbers::pi),
                size.height * chance.Uniform(0.08, 0.35), 2, chance);
  }
  cv::Mat film;
  cv::GaussianBlur(ice, film, {}, 0.02 * size.height);
  cv::GaussianBlur(ice, ice, {}, 0.8);
  return ice * 0.55 + film * 0.9;
}

// The diamond-square algorithm (Fournier, Fussell and Carpenter 1982) on a torus whose side is a power of two, 0 .. 1;
// its roughness falls by `decay` from one level to the next.
cv::Mat Plasma(int side, double decay, Chance& chance) {
  cv::Mat map = cv::Mat::zeros(side, side, CV_32F);
  double rough = 1.0;
  const auto at = [&map, side](int y, int x) -> float& { return map.at<float>((y + side) % side, (x + side) % side); };
  for (int step = side; step >= 2; step /= 2, rough /= decay) {
    const int half = step / 2;
    const auto wobble = [&] { return static_cast<float>(rough * chance.Uniform(-1.0, 1.0)); };
    for (int y = 0; y < side; y += step) {
      for (int x = 0; x < side; x += step) {
        at(y + half, x + half) =
            0.25F * (at(y, x) + at(y + step, x) + at(y, x + step) + at(y + step, x + step)) + wobble();
      }
    }
    for (int y = 0; y < side; y += half) {
      for (int x = (y / half) % 2 == 0 ? half : 0; x < side; x += step) {
        at(y, x) = 0.25F * (at(y - half, x) + at(y + half, x) + at(y, x - half) + at(y, x + half)) + wobble();
      }
    }
  }
  cv::normalize(map, map, 0.0, 1.0, cv::NORM_MINMAX);
  return map;
}

}  // namespace

cv::Mat Snow(const cv::Mat& image, const SnowStrength& strength, Chance& chance) {
  const cv::Mat unit = ToUnit(image);
  cv::Mat flakes = NormalField(image.size(), 1, strength.mean, strength.deviation, chance);
  flakes = CentreZoomed(flakes, strength.zoom * LengthScale(image));
  flakes.setTo(0.0, flakes < strength.threshold);
  cv::min(flakes, 1.0, flakes);
  flakes = MotionBlur(flakes, {strength.radius, strength.sigma}, chance.Uniform(0.25, 0.75) * std::numbers::pi);
  cv::Mat grey;
  cv::cvtColor(unit, grey, cv::COLOR_BGR2GRAY);
  cv::Mat whitened;
  cv::cvtColor(grey * 1.5 + 0.5, whitened, cv::COLOR_GRAY2BGR);
  whitened = cv::max(unit, whitened);
  cv::Mat turned;
  cv::rotate(flakes, turned, cv::ROTATE_180);
  cv::Mat falling;
  cv::cvtColor(flakes + turned, falling, cv::COLOR_GRAY2BGR);
  return ToLevels(unit * strength.keep + whitened * (1.0 - strength.keep) + falling);
}

cv::Mat Frost(const cv::Mat& image, const MixStrength& strength, Chance& chance) {
  cv::Mat ice;
  cv::cvtColor(Ice(image.size(), chance), ice, cv::COLOR_GRAY2BGR);
  cv::min(ice, 1.0, ice);
  cv::multiply(ice, cv::Scalar(1.0, 0.96, 0.90), ice);
  return ToLevels(ToUnit(image) * strength.image + ice * strength.other);
}

cv::Mat Fog(const cv::Mat& image, const FogStrength& strength, Chance& chance) {
  int side = 2;
  while (side < std::max(image.rows, image.cols)) side *= 2;
  const cv::Mat plasma = Plasma(side, strength.decay, chance)(cv::Rect({0, 0}, image.size()));
  cv::Mat veil;
  cv::cvtColor(plasma, veil, cv::COLOR_GRAY2BGR);
  const cv::Mat unit = ToUnit(image);
  double brightest = 0.0;
  cv::minMaxLoc(unit.reshape(1), nullptr, &brightest);
  return ToLevels((unit + veil * strength.density) * (brightest / (brightest + strength.density)));
}

}  // namespace giot::bench
