#include "trainer/quality/usefulness.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <numeric>
#include <string>
#include <utility>

namespace giot::trainer {
namespace {

constexpr int kSteps = 2000;

double Dot(const Parts& a, const Weights& b) { return std::inner_product(a.begin(), a.end(), b.begin(), 0.0); }

double SquaredNorm(const Parts& parts) { return std::inner_product(parts.begin(), parts.end(), parts.begin(), 0.0); }

// The factor that brings the mean of parts closest to what was found: slight distortions, which leave the parts at 1,
// cost some finds.
double FactorFor(const std::vector<TaskMean>& means, const Weights& weights) {
  double upper = 0.0;
  double lower = 0.0;
  for (const TaskMean& mean : means) {
    const double usefulness = Dot(mean.parts, weights);
    upper += usefulness * mean.found;
    lower += usefulness * usefulness;
  }
  return lower > 0.0 ? upper / lower : 1.0;
}

}  // namespace

double Usefulness(const Parts& parts, const Weights& weights) { return std::clamp(Dot(parts, weights), 0.0, 1.0); }

std::vector<TaskMean> TaskMeans(absl::Span<const Sample> samples, int least) {
  std::map<std::pair<std::string, int>, TaskMean> groups;
  for (const Sample& sample : samples) {
    if (!sample.found || sample.recipe.attack || sample.recipe.steps.size() > 1) continue;
    const double severity = sample.recipe.steps.empty() ? 0.0 : sample.recipe.steps.front().severity;
    const int tenth = static_cast<int>(std::lround(10.0 * severity));
    TaskMean& group = groups[{KindOf(sample.recipe), tenth}];
    group.kind = KindOf(sample.recipe);
    group.tenth = tenth;
    group.count += 1.0;
    group.found += (*sample.found - group.found) / group.count;
    for (std::size_t i = 0; i < kParts; ++i) group.parts[i] += (sample.parts[i] - group.parts[i]) / group.count;
  }
  std::vector<TaskMean> means;
  for (auto& [key, group] : groups) {
    if (group.count >= least) means.push_back(std::move(group));
  }
  return means;
}

Weights FitWeights(const std::vector<TaskMean>& means, double pull) {
  if (means.empty()) return kPlainWeights;
  const double factor = FactorFor(means, kPlainWeights);
  double curvature = pull;
  for (const TaskMean& mean : means) curvature += SquaredNorm(mean.parts);
  Weights weights;
  for (std::size_t i = 0; i < kParts; ++i) weights[i] = factor * kPlainWeights[i];
  for (int step = 0; step < kSteps; ++step) {  // Projected gradient descent.
    Weights gradient;
    for (std::size_t i = 0; i < kParts; ++i) gradient[i] = pull * (weights[i] - factor * kPlainWeights[i]);
    for (const TaskMean& mean : means) {
      const double error = Dot(mean.parts, weights) - mean.found;
      for (std::size_t i = 0; i < kParts; ++i) gradient[i] += error * mean.parts[i];
    }
    for (std::size_t i = 0; i < kParts; ++i) weights[i] = std::max(0.0, weights[i] - gradient[i] / curvature);
  }
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  if (sum <= 0.0) return kPlainWeights;
  for (double& weight : weights) weight /= sum;
  return weights;
}

}  // namespace giot::trainer
