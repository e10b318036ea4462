#include "models/search/cma_es.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>

namespace giot::search {
namespace {

constexpr double kBeyondBox = 2.0;  // Standard deviations by which the mean may leave it.
constexpr double kSmallestDeviation = 1e-5;
constexpr double kSmallestGain = 1e-5;
constexpr int kPatience = 20;

int DefaultPopulation(std::size_t dimension) {
  return 4 + static_cast<int>(3.0 * std::log(static_cast<double>(dimension)));
}

std::vector<double> RecombinationWeights(int population) {
  std::vector<double> weights(static_cast<std::size_t>(population / 2));
  for (std::size_t i = 0; i < weights.size(); ++i) {
    weights[i] = std::log(0.5 * (population + 1)) - std::log(static_cast<double>(i + 1));
  }
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  for (double& weight : weights) weight /= sum;
  return weights;
}

double SquaredNorm(absl::Span<const double> values) {
  return std::inner_product(values.begin(), values.end(), values.begin(), 0.0);
}

}  // namespace

CmaEs::CmaEs(absl::Span<const double> mean, const CmaEsOptions& options)
    : population_(options.population > 0 ? options.population : DefaultPopulation(mean.size())),
      random_(options.seed),
      weights_(RecombinationWeights(population_)),
      sigma_(options.sigma),
      mean_(mean.begin(), mean.end()),
      scales_(mean.size(), 1.0),
      path_sigma_(mean.size(), 0.0),
      path_c_(mean.size(), 0.0),
      steps_(static_cast<std::size_t>(population_) * mean.size()),
      values_(static_cast<std::size_t>(population_)),
      sample_(mean.size()),
      shift_(mean.size()),
      order_(static_cast<std::size_t>(population_)),
      best_value_(std::numeric_limits<double>::lowest()) {
  const auto n = static_cast<double>(mean.size());
  mu_eff_ = 1.0 / SquaredNorm(weights_);
  c_sigma_ = (mu_eff_ + 2.0) / (n + mu_eff_ + 5.0);
  d_sigma_ = 1.0 + 2.0 * std::max(0.0, std::sqrt((mu_eff_ - 1.0) / (n + 1.0)) - 1.0) + c_sigma_;
  c_c_ = (4.0 + mu_eff_ / n) / (n + 4.0 + 2.0 * mu_eff_ / n);
  const double separable = (n + 2.0) / 3.0;
  c_1_ = std::min(1.0, separable * 2.0 / ((n + 1.3) * (n + 1.3) + mu_eff_));
  c_mu_ = std::min(1.0 - c_1_, separable * 2.0 * (mu_eff_ - 2.0 + 1.0 / mu_eff_) / ((n + 2.0) * (n + 2.0) + mu_eff_));
  chi_n_ = std::sqrt(n) * (1.0 - 1.0 / (4.0 * n) + 1.0 / (21.0 * n * n));
}

bool CmaEs::Step(BudgetedObjective& objective) {
  if (!Sample(objective)) return false;
  Rank();
  MoveMean();
  AdaptStepSize();
  AdaptScales();
  NoteBest();
  ++generation_;
  return true;
}

bool CmaEs::Sample(BudgetedObjective& objective) {
  const std::size_t n = mean_.size();
  for (std::size_t i = 0; i < values_.size(); ++i) {
    if (objective.Spent()) return false;
    const absl::Span<double> step(&steps_[i * n], n);
    random_.FillGaussian(step);
    for (std::size_t j = 0; j < n; ++j) {
      step[j] *= scales_[j];
      sample_[j] = std::clamp(mean_[j] + sigma_ * step[j], -1.0, 1.0);
    }
    values_[i] = objective.Value(sample_);
  }
  return true;
}

void CmaEs::Rank() {
  std::iota(order_.begin(), order_.end(), 0);
  const auto parents = order_.begin() + static_cast<std::ptrdiff_t>(weights_.size());
  std::partial_sort(order_.begin(), parents, order_.end(), [this](int a, int b) {
    const double value_a = values_[static_cast<std::size_t>(a)];
    const double value_b = values_[static_cast<std::size_t>(b)];
    return value_a != value_b ? value_a > value_b : a < b;
  });
}

void CmaEs::MoveMean() {
  const std::size_t n = mean_.size();
  std::fill(shift_.begin(), shift_.end(), 0.0);
  for (std::size_t i = 0; i < weights_.size(); ++i) {
    const double* step = &steps_[static_cast<std::size_t>(order_[i]) * n];
    for (std::size_t j = 0; j < n; ++j) shift_[j] += weights_[i] * step[j];
  }
  for (std::size_t j = 0; j < n; ++j) {
    const double bound = 1.0 + kBeyondBox * sigma_ * scales_[j];
    const double moved = std::clamp(mean_[j] + sigma_ * shift_[j], -bound, bound);
    shift_[j] = (moved - mean_[j]) / sigma_;
    mean_[j] = moved;
  }
}

void CmaEs::AdaptStepSize() {
  const double gain = std::sqrt(c_sigma_ * (2.0 - c_sigma_) * mu_eff_);
  for (std::size_t j = 0; j < mean_.size(); ++j) {
    path_sigma_[j] = (1.0 - c_sigma_) * path_sigma_[j] + gain * shift_[j] / scales_[j];
  }
  const double length = std::sqrt(SquaredNorm(path_sigma_)) / chi_n_;
  const double memory = std::pow(1.0 - c_sigma_, 2.0 * static_cast<double>(generation_ + 1));
  const auto n = static_cast<double>(mean_.size());
  path_stalled_ = length / std::sqrt(1.0 - memory) >= 1.4 + 2.0 / (n + 1.0);
  sigma_ *= std::exp(std::min(1.0, c_sigma_ / d_sigma_ * (length - 1.0)));
}

void CmaEs::AdaptScales() {
  const std::size_t n = mean_.size();
  const double gain = path_stalled_ ? 0.0 : std::sqrt(c_c_ * (2.0 - c_c_) * mu_eff_);
  const double keep = 1.0 - c_1_ - c_mu_ + (path_stalled_ ? c_1_ * c_c_ * (2.0 - c_c_) : 0.0);
  for (std::size_t j = 0; j < n; ++j) {
    path_c_[j] = (1.0 - c_c_) * path_c_[j] + gain * shift_[j];
    scales_[j] = keep * scales_[j] * scales_[j] + c_1_ * path_c_[j] * path_c_[j];
  }
  for (std::size_t i = 0; i < weights_.size(); ++i) {
    const double* step = &steps_[static_cast<std::size_t>(order_[i]) * n];
    for (std::size_t j = 0; j < n; ++j) scales_[j] += c_mu_ * weights_[i] * step[j] * step[j];
  }
  for (double& scale : scales_) scale = std::sqrt(scale);
}

void CmaEs::NoteBest() {
  const double best = values_[static_cast<std::size_t>(order_.front())];
  ++idle_generations_;
  if (best > best_value_ + kSmallestGain * std::abs(best_value_)) {
    best_value_ = best;
    idle_generations_ = 0;
  }
}

bool CmaEs::Converged() const {
  if (idle_generations_ >= kPatience) return true;
  return sigma_ * *std::max_element(scales_.begin(), scales_.end()) < kSmallestDeviation;
}

}  // namespace giot::search
