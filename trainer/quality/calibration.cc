#include "trainer/quality/calibration.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <numeric>

namespace giot::trainer {
namespace {

constexpr double kStep = 1e-6;

// Neighbours on the x axis that share one value.
struct Block {
  double weight = 0.0;
  double sum_x = 0.0;
  double sum_y = 0.0;
  std::size_t points = 0;

  double y() const { return sum_y / weight; }
};

Block Merge(const Block& a, const Block& b) {
  return {a.weight + b.weight, a.sum_x + b.sum_x, a.sum_y + b.sum_y, a.points + b.points};
}

std::vector<std::size_t> OrderOf(absl::Span<const double> values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  return order;
}

constexpr double kRounding = 1e-9;  // Of sums of shares.

// From this share of the clean score on G is straight: means there are well below 1, and with a step from them to 1 a
// hair would decide what an image is worth.
constexpr double kStraightFrom = 0.9;

double Rounded(double value) { return std::round(value / kStep) * kStep; }

// Means of `count` stretches of the points with about as many points each.
Isotonic MeansOfStretches(absl::Span<const double> x, absl::Span<const double> y, int count) {
  const std::vector<std::size_t> order = OrderOf(x);
  Isotonic means;
  for (int i = 0; i < count; ++i) {
    const std::size_t first = order.size() * static_cast<std::size_t>(i) / static_cast<std::size_t>(count);
    const std::size_t end = order.size() * static_cast<std::size_t>(i + 1) / static_cast<std::size_t>(count);
    if (first == end) continue;
    double sum_x = 0.0;
    double sum_y = 0.0;
    for (std::size_t k = first; k < end; ++k) {
      sum_x += x[order[k]];
      sum_y += y[order[k]];
    }
    means.x.push_back(sum_x / static_cast<double>(end - first));
    means.y.push_back(sum_y / static_cast<double>(end - first));
  }
  return means;
}

}  // namespace

Isotonic FitIsotonic(absl::Span<const double> x, absl::Span<const double> y, absl::Span<const double> weights) {
  const std::vector<std::size_t> order = OrderOf(x);
  std::vector<double> distinct;
  std::vector<Block> blocks;
  for (std::size_t first = 0; first < order.size();) {
    Block point;
    std::size_t end = first;
    for (; end < order.size() && x[order[end]] == x[order[first]]; ++end) {
      const double weight = weights[order[end]];
      point = Merge(point, {weight, weight * x[order[end]], weight * y[order[end]], 0});
    }
    point.points = 1;
    distinct.push_back(x[order[first]]);
    blocks.push_back(point);
    while (blocks.size() > 1 && blocks[blocks.size() - 2].y() >= blocks.back().y()) {
      const Block last = blocks.back();
      blocks.pop_back();
      blocks.back() = Merge(blocks.back(), last);
    }
    first = end;
  }
  Isotonic curve{std::move(distinct), {}};
  for (const Block& block : blocks) curve.y.insert(curve.y.end(), block.points, block.y());
  return curve;
}

double ValueAt(const Isotonic& curve, double x) {
  const auto above = std::upper_bound(curve.x.begin(), curve.x.end(), x);
  if (above == curve.x.begin()) return curve.y.front();
  if (above == curve.x.end()) return curve.y.back();
  const auto i = static_cast<std::size_t>(above - curve.x.begin());
  const double share = (x - curve.x[i - 1]) / (curve.x[i] - curve.x[i - 1]);
  return curve.y[i - 1] + share * (curve.y[i] - curve.y[i - 1]);
}

std::vector<quality::CalibrationKnot> FitCalibration(absl::Span<const double> raw, absl::Span<const double> labels,
                                                     double clean, int knots) {
  const Isotonic means = MeansOfStretches(raw, labels, knots);
  const Isotonic curve = FitIsotonic(means.x, means.y, std::vector<double>(means.x.size(), 1.0));
  std::vector<quality::CalibrationKnot> result = {{0.0, 0.0}};
  const double last = Rounded(clean);
  for (std::size_t i = 0; i < curve.x.size(); ++i) {
    const quality::CalibrationKnot knot{Rounded(curve.x[i]), Rounded(std::min(curve.y[i], 1.0))};
    const bool rises = knot.raw >= result.back().raw + kStep && knot.calibrated >= result.back().calibrated + kStep;
    if (rises && knot.raw <= kStraightFrom * last && knot.calibrated <= 1.0 - kStep) result.push_back(knot);
  }
  result.push_back({last, 1.0});
  return result;
}

double ConformalMargin(absl::Span<const double> scores, absl::Span<const double> truths, absl::Span<const int> places,
                       double coverage) {
  std::map<int, double> sizes;
  for (const int place : places) sizes[place] += 1.0;
  const double share = 1.0 / (static_cast<double>(sizes.size()) + 1.0);
  std::vector<double> excess(scores.size());
  for (std::size_t i = 0; i < scores.size(); ++i) excess[i] = scores[i] - truths[i];
  double covered = 0.0;
  for (const std::size_t i : OrderOf(excess)) {
    covered += share / sizes[places[i]];
    if (covered >= coverage - kRounding) return std::max(0.0, excess[i]);
  }
  return 1.0;
}

}  // namespace giot::trainer
