#include "trainer/quality/usefulness.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <numeric>
#include <random>
#include <vector>

namespace giot::trainer {
namespace {

std::vector<TaskMean> MeansFollowing(const Weights& weights, double factor) {
  std::mt19937_64 random(3);
  std::uniform_real_distribution<double> uniform;
  std::vector<TaskMean> means(200);
  for (TaskMean& mean : means) {
    for (double& part : mean.parts) part = uniform(random);
    mean.found = factor * Usefulness(mean.parts, weights);
  }
  return means;
}

TEST(Usefulness, IsOneForTheCleanImageAndNothingWhereNothingIsKept) {
  EXPECT_DOUBLE_EQ(Usefulness({1, 1, 1, 1, 1, 1, 1}, kPlainWeights), 1.0);
  EXPECT_DOUBLE_EQ(Usefulness({0, 0, 0, 0, 1, 1, 1}, kPlainWeights), 0.0);
  EXPECT_DOUBLE_EQ(Usefulness({1, 0, 0.5, 0.5, 0, 0, 0}, kPlainWeights), 0.5);
}

TEST(Usefulness, IsLessByAShareWithoutColour) {
  EXPECT_DOUBLE_EQ(Usefulness({1, 1, 1, 1, 1, 1, 0}, {0.2, 0.2, 0.2, 0.2, 0.1, 0.1, 0.25}), 0.75);
}

TEST(FitWeights, FindsWhatTheTaskFollows) {
  const Weights planted = {0.0, 0.1, 0.2, 0.1, 0.4, 0.2, 0.35};
  const Weights found = FitWeights(MeansFollowing(planted, 0.8), 0.0);
  for (std::size_t i = 0; i < kParts; ++i) EXPECT_NEAR(found[i], planted[i], 1e-3);
}

TEST(FitWeights, StaysCloseToThePlainOnesWhereLittleIsKnown) {
  const Weights planted = {0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0};
  const Weights found = FitWeights(MeansFollowing(planted, 1.0), 1e4);
  EXPECT_LT(found[5], 0.05);
  EXPECT_NEAR(std::accumulate(found.begin(), found.begin() + 6, 0.0), 1.0, 1e-12);
}

TEST(FitWeights, AreThePlainOnesWithoutATask) { EXPECT_EQ(FitWeights({}, 1.0), kPlainWeights); }

Sample Found(double severity, double part, std::optional<double> found) {
  Sample sample;
  sample.recipe.steps = {{camera::Distortion::kHaze, severity}};
  sample.parts.fill(part);
  sample.found = found;
  return sample;
}

TEST(TaskMeans, AveragesByKindAndSeverity) {
  std::vector<Sample> samples = {Found(0.31, 0.4, 0.2), Found(0.28, 0.6, 0.8), Found(0.9, 0.1, 0.0),
                                 Found(0.3, 0.9, std::nullopt), Found(0.3, 0.9, 1.0)};
  samples.back().recipe.attack = camera::Attack::kClahe;
  const std::vector<TaskMean> means = TaskMeans(samples, 2);
  ASSERT_EQ(means.size(), 1U);
  EXPECT_EQ(means[0].kind, "haze");
  EXPECT_EQ(means[0].tenth, 3);
  EXPECT_DOUBLE_EQ(means[0].parts[0], 0.5);
  EXPECT_DOUBLE_EQ(means[0].found, 0.5);
}

}  // namespace
}  // namespace giot::trainer
