#include "trainer/quality/usefulness.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <map>
#include <numeric>
#include <string>
#include <utility>

namespace giot::trainer {
namespace {

constexpr int kSteps = 2000;
constexpr int kColourWeights = 21;  // 0 to 1.
constexpr std::size_t kColourPart = static_cast<std::size_t>(Part::kColour);
static_assert(kColourPart == kParts - 1);

double ColourFactor(const Parts& parts, double weight) { return 1.0 - weight + weight * parts[kColourPart]; }

// Weighted mean of the parts before colour.
double Mean(const Parts& parts, const Weights& weights) {
  return std::inner_product(parts.begin(), parts.begin() + kColourPart, weights.begin(), 0.0);
}

// A least-squares problem: weights of the parts before colour, these times the colour factor.
struct Problem {
  std::vector<Parts> rows;
  std::vector<double> found;
};

Problem ProblemFor(const std::vector<TaskMean>& means, double colour_weight) {
  Problem problem;
  for (const TaskMean& mean : means) {
    Parts row = mean.parts;
    for (double& part : row) part *= ColourFactor(mean.parts, colour_weight);
    problem.rows.push_back(row);
    problem.found.push_back(mean.found);
  }
  return problem;
}

double ErrorOf(const Problem& problem, const Weights& weights) {
  double square = 0.0;
  for (std::size_t i = 0; i < problem.rows.size(); ++i) {
    const double error = Mean(problem.rows[i], weights) - problem.found[i];
    square += error * error;
  }
  return square;
}

// The plain weights times the factor that brings them closest to what was found: slight distortions, which leave the
// parts at 1, cost some finds.
Weights ScaledPlainWeights(const Problem& problem) {
  double upper = 0.0;
  double lower = 0.0;
  for (std::size_t i = 0; i < problem.rows.size(); ++i) {
    const double usefulness = Mean(problem.rows[i], kPlainWeights);
    upper += usefulness * problem.found[i];
    lower += usefulness * usefulness;
  }
  Weights weights = kPlainWeights;
  for (double& weight : weights) weight *= lower > 0.0 ? upper / lower : 1.0;
  return weights;
}

// Non-negative least squares by projected gradient descent.
Weights Solve(const Problem& problem, double pull) {
  const Weights plain = ScaledPlainWeights(problem);
  double curvature = pull;
  for (const Parts& row : problem.rows) curvature += std::inner_product(row.begin(), row.end(), row.begin(), 0.0);
  Weights weights = plain;
  for (int step = 0; step < kSteps; ++step) {
    Weights gradient{};
    for (std::size_t i = 0; i < kColourPart; ++i) gradient[i] = pull * (weights[i] - plain[i]);
    for (std::size_t m = 0; m < problem.rows.size(); ++m) {
      const double error = Mean(problem.rows[m], weights) - problem.found[m];
      for (std::size_t i = 0; i < kColourPart; ++i) gradient[i] += error * problem.rows[m][i];
    }
    for (std::size_t i = 0; i < kColourPart; ++i) weights[i] = std::max(0.0, weights[i] - gradient[i] / curvature);
  }
  return weights;
}

}  // namespace

double Usefulness(const Parts& parts, const Weights& weights) {
  return std::clamp(Mean(parts, weights) * ColourFactor(parts, weights[kColourPart]), 0.0, 1.0);
}

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
  Weights best = kPlainWeights;
  double least = std::numeric_limits<double>::infinity();
  for (int i = 0; i < kColourWeights; ++i) {
    const double colour_weight = static_cast<double>(i) / (kColourWeights - 1);
    const Problem problem = ProblemFor(means, colour_weight);
    Weights weights = Solve(problem, pull);
    const double error = ErrorOf(problem, weights);
    if (error >= least) continue;
    least = error;
    best = weights;
    best[kColourPart] = colour_weight;
  }
  const double sum = std::accumulate(best.begin(), best.begin() + kColourPart, 0.0);
  if (sum <= 0.0) return kPlainWeights;
  for (std::size_t i = 0; i < kColourPart; ++i) best[i] /= sum;
  return best;
}

}  // namespace giot::trainer
