#include "trainer/quality/calibration.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <random>
#include <vector>

namespace giot::trainer {
namespace {

using ::testing::DoubleNear;
using ::testing::ElementsAre;

TEST(FitIsotonic, PoolsAdjacentViolators) {
  // By hand: 3 and 1 pool to 2, which is above 1; 5 and 4 pool to 4.5.
  const Isotonic curve = FitIsotonic({1, 2, 3, 4, 5}, {1, 3, 1, 5, 4}, {1, 1, 1, 1, 1});
  EXPECT_THAT(curve.x, ElementsAre(1, 2, 3, 4, 5));
  EXPECT_THAT(curve.y, ElementsAre(1, 2, 2, 4.5, 4.5));
}

TEST(FitIsotonic, WeighsPointsAndMergesEqualOnes) {
  // x = 2 has the mean (3 * 2 + 0) / 4 = 1.5 and weight 4, below the 2 of x = 1: together (2 + 4 * 1.5) / 5.
  const Isotonic curve = FitIsotonic({2, 1, 2}, {2, 2, 0}, {3, 1, 1});
  EXPECT_THAT(curve.x, ElementsAre(1, 2));
  EXPECT_THAT(curve.y, ElementsAre(DoubleNear(1.6, 1e-12), DoubleNear(1.6, 1e-12)));
}

TEST(Isotonic, IsLinearBetweenPointsAndConstantBeyond) {
  const Isotonic curve{{1, 3}, {10, 20}};
  EXPECT_DOUBLE_EQ(ValueAt(curve, 0), 10);
  EXPECT_DOUBLE_EQ(ValueAt(curve, 2.5), 17.5);
  EXPECT_DOUBLE_EQ(ValueAt(curve, 4), 20);
}

TEST(FitCalibration, RisesStrictlyFromNothingToClean) {
  std::mt19937_64 random(1);
  std::uniform_real_distribution<double> uniform;
  std::vector<double> raw;
  std::vector<double> label;
  for (int i = 0; i < 2000; ++i) {
    raw.push_back(0.9 * uniform(random));
    label.push_back(std::clamp(raw.back() * raw.back() + 0.1 * (uniform(random) - 0.5), 0.0, 1.0));
  }
  const std::vector<quality::CalibrationKnot> knots = FitCalibration(raw, label, 0.8, 20);
  ASSERT_GE(knots.size(), 10U);
  EXPECT_EQ(knots.front().raw, 0.0);
  EXPECT_EQ(knots.front().calibrated, 0.0);
  EXPECT_DOUBLE_EQ(knots.back().raw, 0.8);
  EXPECT_DOUBLE_EQ(knots.back().calibrated, 1.0);
  for (std::size_t i = 1; i < knots.size(); ++i) {
    EXPECT_GE(knots[i].raw - knots[i - 1].raw, 0.9e-6);
    EXPECT_GE(knots[i].calibrated - knots[i - 1].calibrated, 0.9e-6);
  }
  quality::QualityModel model;
  model.calibration = knots;
  EXPECT_NEAR(quality::Calibrate(model, 0.5), 0.25, 0.03);
  // Straight to 1, though labels there are .6 on average.
  EXPECT_NEAR(quality::Calibrate(model, 0.76), (quality::Calibrate(model, 0.72) + 1.0) / 2.0, 0.03);
}

std::vector<int> OneEach(std::size_t count) {
  std::vector<int> places(count);
  std::iota(places.begin(), places.end(), 0);
  return places;
}

TEST(ConformalMargin, IsTheOrderStatisticOfExcess) {
  // Of nine, coverage .8 wants the ceil(10 * .8) = 8th smallest excess.
  const std::vector<double> scores = {.1, .2, .3, .4, .5, .6, .7, .8, .9};
  const std::vector<double> truths(9, 0.0);
  EXPECT_DOUBLE_EQ(ConformalMargin(scores, truths, OneEach(9), 0.8), 0.8);
  EXPECT_DOUBLE_EQ(ConformalMargin(scores, truths, OneEach(9), 0.95), 1.0);  // Would want the tenth.
  EXPECT_DOUBLE_EQ(ConformalMargin(truths, scores, OneEach(9), 0.5), 0.0);   // Scores below the truth need no margin.
}

TEST(ConformalMargin, CountsEveryPlaceAsOne) {
  // Nine places with an excess of .1 twice, and a tenth with .5 a hundred times: a share of 9 / 11 is covered by .1.
  std::vector<double> scores(18, 0.1);
  std::vector<int> places;
  for (int i = 0; i < 18; ++i) places.push_back(i / 2);
  scores.resize(118, 0.5);
  places.resize(118, 9);
  const std::vector<double> truths(118, 0.0);
  EXPECT_DOUBLE_EQ(ConformalMargin(scores, truths, places, 0.8), 0.1);
  EXPECT_DOUBLE_EQ(ConformalMargin(scores, truths, places, 0.85), 0.5);
}

TEST(ConformalMargin, CoversNewScoresAtItsRate) {
  std::mt19937_64 random(7);
  std::normal_distribution<double> error(0.0, 0.1);
  std::vector<double> scores;
  for (int i = 0; i < 4000; ++i) scores.push_back(0.5 + error(random));
  const double margin = ConformalMargin(scores, std::vector<double>(scores.size(), 0.5), OneEach(scores.size()), 0.9);
  int covered = 0;
  for (int i = 0; i < 4000; ++i) covered += 0.5 + error(random) - margin <= 0.5 ? 1 : 0;
  EXPECT_NEAR(covered / 4000.0, 0.9, 0.02);
}

}  // namespace
}  // namespace giot::trainer
