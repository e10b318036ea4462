#include "models/quality/generalized_gaussian.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace giot::quality {
namespace {

constexpr double kMinShape = 0.2;
constexpr double kMaxShape = 10.0;
constexpr int kShapes = 4000;

double ShapeAt(int index) { return kMinShape + (kMaxShape - kMinShape) * index / (kShapes - 1); }

// E|x|^2 / E x^2 of each shape, which rises with the shape.
const std::array<double, kShapes>& MomentRatios() {
  static const std::array<double, kShapes> ratios = [] {
    std::array<double, kShapes> table;
    for (int i = 0; i < kShapes; ++i) {
      const double shape = ShapeAt(i);
      const double middle = std::tgamma(2.0 / shape);
      table[static_cast<std::size_t>(i)] = middle * middle / (std::tgamma(1.0 / shape) * std::tgamma(3.0 / shape));
    }
    return table;
  }();
  return ratios;
}

double ShapeOfRatio(double ratio) {
  const auto& ratios = MomentRatios();
  const auto upper = std::lower_bound(ratios.begin(), ratios.end(), ratio);
  if (upper == ratios.begin()) return kMinShape;
  if (upper == ratios.end()) return kMaxShape;
  const auto index = static_cast<int>(upper - ratios.begin());
  const double below = *(upper - 1);
  return ShapeAt(index - 1) + (ShapeAt(index) - ShapeAt(index - 1)) * (ratio - below) / (*upper - below);
}

}  // namespace

SymmetricFit FitSymmetric(const SignedMoments& moments) {
  const double square = moments.negative_square + moments.positive_square;
  if (moments.count <= 0.0 || square <= 0.0) return {kMaxShape, 0.0};
  const double mean_absolute = moments.absolute / moments.count;
  const double variance = square / moments.count;
  return {ShapeOfRatio(mean_absolute * mean_absolute / variance), variance};
}

AsymmetricFit FitAsymmetric(const SignedMoments& moments) {
  const double square = moments.negative_square + moments.positive_square;
  if (moments.count <= 0.0 || square <= 0.0) return {kMaxShape, 0.0, 0.0, 0.0};
  const double positive_count = moments.count - moments.negative_count;
  const double left = moments.negative_count > 0.0 ? moments.negative_square / moments.negative_count : 0.0;
  const double right = positive_count > 0.0 ? moments.positive_square / positive_count : 0.0;
  const double mean_absolute = moments.absolute / moments.count;
  // gamma = sqrt(left / right); (gamma^3 + 1)(gamma + 1) / (gamma^2 + 1)^2 does not change with
  // left and right swapped, and needs no division by one of them.
  const double a = std::sqrt(left);
  const double b = std::sqrt(right);
  const double skewness = (a * a * a + b * b * b) * (a + b) / ((left + right) * (left + right));
  const double shape = ShapeOfRatio(mean_absolute * mean_absolute * moments.count / square * skewness);
  const double first = std::tgamma(1.0 / shape);
  const double scale = std::sqrt(first / std::tgamma(3.0 / shape));
  return {shape, (b - a) * scale * std::tgamma(2.0 / shape) / first, left, right};
}

}  // namespace giot::quality
