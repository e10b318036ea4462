#pragma once

#include <cmath>
#include <cstddef>
#include <functional>
#include <utility>
#include <vector>

#include "models/search/objective.h"

namespace giot::search {

// A function of the levels as an objective, with a gradient if one is given.
class TestObjective : public Objective {
 public:
  using Function = std::function<double(absl::Span<const double>)>;
  using Gradient = std::function<void(absl::Span<const double>, absl::Span<double>)>;

  TestObjective(int dimension, Function function, Gradient gradient = nullptr)
      : dimension_(dimension), function_(std::move(function)), gradient_(std::move(gradient)) {}

  int dimension() const override { return dimension_; }
  double Value(absl::Span<const double> levels) override {
    ++evaluations_;
    return function_(levels);
  }
  bool has_gradient() const override { return gradient_ != nullptr; }
  double ValueAndGradient(absl::Span<const double> levels, absl::Span<double> gradient) override {
    gradient_(levels, gradient);
    return Value(levels);
  }

  // How often it was really asked.
  int evaluations() const { return evaluations_; }

 private:
  const int dimension_;
  const Function function_;
  const Gradient gradient_;
  int evaluations_ = 0;
};

// -sum_i (x_i - c_i)^2; its best point in the box is c clamped.
inline TestObjective Bowl(std::vector<double> center, bool with_gradient) {
  const auto value = [center](absl::Span<const double> x) {
    double sum = 0.0;
    for (std::size_t i = 0; i < x.size(); ++i) sum -= (x[i] - center[i]) * (x[i] - center[i]);
    return sum;
  };
  const auto slope = [center](absl::Span<const double> x, absl::Span<double> gradient) {
    for (std::size_t i = 0; i < x.size(); ++i) gradient[i] = -2.0 * (x[i] - center[i]);
  };
  const int dimension = static_cast<int>(center.size());
  return with_gradient ? TestObjective(dimension, value, slope) : TestObjective(dimension, value);
}

// Rosenbrock's valley, turned over, shrunk so that its best point is at .5 everywhere: 0.
inline TestObjective Valley(int dimension) {
  const auto value = [](absl::Span<const double> x) {
    double sum = 0.0;
    for (std::size_t i = 0; i + 1 < x.size(); ++i) {
      const double a = 2.0 * x[i];
      const double b = 2.0 * x[i + 1];
      sum -= 100.0 * (b - a * a) * (b - a * a) + (1.0 - a) * (1.0 - a);
    }
    return sum;
  };
  const auto slope = [](absl::Span<const double> x, absl::Span<double> gradient) {
    for (double& g : gradient) g = 0.0;
    for (std::size_t i = 0; i + 1 < x.size(); ++i) {
      const double a = 2.0 * x[i];
      const double b = 2.0 * x[i + 1];
      gradient[i] += 2.0 * (400.0 * a * (b - a * a) + 2.0 * (1.0 - a));
      gradient[i + 1] -= 2.0 * 200.0 * (b - a * a);
    }
  };
  return TestObjective(dimension, value, slope);
}

// Many hills (Rastrigin's function), the highest at .2 everywhere: 0.
inline TestObjective Hills(int dimension) {
  return TestObjective(dimension, [](absl::Span<const double> x) {
    double sum = 0.0;
    for (const double xi : x) {
      const double d = 3.0 * (xi - 0.2);
      sum -= d * d + 3.0 * (1.0 - std::cos(6.283185307179586 * d));
    }
    return sum;
  });
}

}  // namespace giot::search
