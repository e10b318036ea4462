#include "trainer/evaluation/statistics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace giot::trainer {
namespace {

TEST(Mean, OfNothingIsZero) { EXPECT_EQ(Mean({}), 0.0); }

TEST(Mean, IsTheAverage) { EXPECT_DOUBLE_EQ(Mean({1.0, 2.0, 6.0}), 3.0); }

TEST(StandardDeviation, IsTheRootOfTheMeanSquare) {
  EXPECT_DOUBLE_EQ(StandardDeviation({1.0, 5.0}), 2.0);
  EXPECT_EQ(StandardDeviation({}), 0.0);
}

TEST(Quantile, InterpolatesBetweenOrderStatistics) {
  const std::vector<double> values = {4.0, 1.0, 3.0, 2.0};
  EXPECT_DOUBLE_EQ(Quantile(values, 0.0), 1.0);
  EXPECT_DOUBLE_EQ(Quantile(values, 0.5), 2.5);
  EXPECT_DOUBLE_EQ(Quantile(values, 0.1), 1.3);
  EXPECT_DOUBLE_EQ(Quantile(values, 1.0), 4.0);
}

TEST(Quantile, OfOneValueIsThatValue) { EXPECT_EQ(Quantile({5.0}, 0.01), 5.0); }

TEST(Quantile, OfNothingIsNaN) { EXPECT_TRUE(std::isnan(Quantile({}, 0.5))); }

TEST(TestMeanPositive, GivesTheTailOfTheNormalDistribution) {
  // Mean 1, standard deviation sqrt(2): standard error 1 for two values.
  const OneSidedTest test = TestMeanPositive({0.0, 2.0});
  EXPECT_DOUBLE_EQ(test.mean, 1.0);
  EXPECT_DOUBLE_EQ(test.standard_error, 1.0);
  EXPECT_NEAR(test.p_value, 0.158655, 1e-6);
}

TEST(TestMeanPositive, ALossHasAPValueAboveOneHalf) {
  EXPECT_NEAR(TestMeanPositive({0.0, -2.0}).p_value, 0.841345, 1e-6);
}

TEST(TestMeanPositive, EqualValuesAreCertain) {
  EXPECT_EQ(TestMeanPositive({0.5, 0.5, 0.5}).p_value, 0.0);
  EXPECT_EQ(TestMeanPositive({0.0, 0.0, 0.0}).p_value, 1.0);
}

TEST(TestMeanPositive, OneValueProvesNothing) { EXPECT_EQ(TestMeanPositive({3.0}).p_value, 1.0); }

TEST(MeanInterval95, IsTheMeanGiveOrTakeTwoStandardErrors) {
  // Mean 1, standard error 1.
  const Interval interval = MeanInterval95({0.0, 2.0});
  EXPECT_NEAR(interval.low, 1.0 - 1.959964, 1e-6);
  EXPECT_NEAR(interval.high, 1.0 + 1.959964, 1e-6);
}

TEST(MeanInterval95, OfOneValueIsUnknown) { EXPECT_TRUE(std::isnan(MeanInterval95({3.0}).low)); }

}  // namespace
}  // namespace giot::trainer
