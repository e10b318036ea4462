#include "trainer/quality/recipe.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <opencv2/core.hpp>
#include <set>
#include <string>
#include <vector>

namespace giot::trainer {
namespace {

using camera::Distortion;

const std::vector<Distortion> kTwo = {Distortion::kHaze, Distortion::kJpeg};

bool Same(const Recipe& a, const Recipe& b) {
  const auto same_step = [](const Recipe::Step& x, const Recipe::Step& y) {
    return x.distortion == y.distortion && x.severity == y.severity;
  };
  return std::equal(a.steps.begin(), a.steps.end(), b.steps.begin(), b.steps.end(), same_step) && a.seed == b.seed &&
         a.attack == b.attack && a.strength == b.strength && a.unattacked == b.unattacked;
}

TEST(PlanTraining, HasEveryKindInEveryPartOfSeverity) {
  const std::vector<Recipe> plan = PlanTraining(kTwo, {.severities = 4, .mixtures = 3, .attacks = 24}, 9);
  ASSERT_EQ(plan.size(), 1U + 2 * 4 + 3 + 24);
  EXPECT_EQ(KindOf(plan[0]), "clean");
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(KindOf(plan[1 + i]), "haze");
    EXPECT_GT(plan[1 + i].steps[0].severity, static_cast<double>(i) / 4);
    EXPECT_LE(plan[1 + i].steps[0].severity, static_cast<double>(i + 1) / 4);
  }
  EXPECT_EQ(KindOf(plan[9]), "mixture");
  std::set<camera::Attack> attacks;
  for (std::size_t i = 12; i < plan.size(); ++i) {
    attacks.insert(plan[i].attack.value());
    const auto base = static_cast<std::size_t>(plan[i].unattacked);
    ASSERT_LT(base, 12U);
    EXPECT_EQ(plan[i].seed, plan[base].seed);
  }
  EXPECT_EQ(attacks.size(), static_cast<std::size_t>(camera::kAttacks));
}

TEST(PlanTraining, FollowsFromItsSeed) {
  const std::vector<Recipe> plan = PlanTraining(kTwo, {}, 9);
  const std::vector<Recipe> again = PlanTraining(kTwo, {}, 9);
  const std::vector<Recipe> other = PlanTraining(kTwo, {}, 10);
  ASSERT_EQ(plan.size(), again.size());
  for (std::size_t i = 0; i < plan.size(); ++i) EXPECT_TRUE(Same(plan[i], again[i]));
  EXPECT_FALSE(Same(plan[1], other[1]));
}

TEST(PlanEvaluation, VariesNothingButTheSeverityOfAKind) {
  const std::vector<Recipe> plan = PlanEvaluation(kTwo, 3, 0, 1);
  ASSERT_EQ(plan.size(), 1U + 2 * 3);
  EXPECT_EQ(plan[1].seed, plan[3].seed);
  EXPECT_EQ(plan[4].seed, plan[6].seed);
  EXPECT_NE(plan[1].seed, plan[4].seed);
}

TEST(PlanEvaluation, TriesEveryAttackInFullStrengthOnEveryBase) {
  const std::vector<Recipe> plan = PlanEvaluation(kTwo, 5, 2, 1);
  ASSERT_EQ(plan.size(), 1U + 2 * 5 + 2 * camera::kAttacks);
  EXPECT_DOUBLE_EQ(plan[1].steps[0].severity, 0.2);
  EXPECT_DOUBLE_EQ(plan[5].steps[0].severity, 1.0);
  for (std::size_t i = 11; i < plan.size(); ++i) EXPECT_EQ(plan[i].strength, 1.0);
  EXPECT_EQ(plan[11].unattacked, 0);
  EXPECT_GT(plan.back().unattacked, 0);
}

TEST(Cook, LeavesACleanImageAloneAndAppliesEveryStep) {
  cv::Mat image(64, 64, CV_8UC3);
  cv::RNG(1).fill(image, cv::RNG::UNIFORM, 0, 256);
  EXPECT_EQ(cv::norm(Cook({}, image), image), 0.0);
  Recipe recipe;
  recipe.steps = {{Distortion::kLowContrast, 0.9}, {Distortion::kUnderexposure, 0.9}};
  const cv::Mat expected =
      camera::Distort(camera::Distort(image, Distortion::kLowContrast, 0.9, 0), Distortion::kUnderexposure, 0.9, 1);
  EXPECT_EQ(cv::norm(Cook(recipe, image), expected, cv::NORM_INF), 0.0);
}

TEST(FactorsOf, NamesWhatWasTouched) {
  Recipe recipe;
  recipe.steps = {{Distortion::kHaze, 0.25}, {Distortion::kGaussianNoise, 0.5}, {Distortion::kShotNoise, 0.75}};
  const std::array<double, quality::kFactors> expected = {1.0, 0.25, 1.0, 1.0, 0.75, 1.0};
  EXPECT_EQ(FactorsOf(recipe), expected);
}

TEST(KindsWithout, LeavesOutWhatIsNamedAndRefusesUnknownNames) {
  const auto kinds = KindsWithout(std::vector<std::string>{"snow", "haze"});
  ASSERT_TRUE(kinds.ok());
  EXPECT_EQ(kinds->size(), static_cast<std::size_t>(camera::kDistortions - 2));
  EXPECT_EQ(std::count(kinds->begin(), kinds->end(), Distortion::kSnow), 0);
  EXPECT_EQ(KindsWithout(std::vector<std::string>{"fog of war"}).status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace giot::trainer
