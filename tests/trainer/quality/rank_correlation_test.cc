#include "trainer/quality/rank_correlation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace giot::trainer {
namespace {

TEST(RankCorrelation, SeesOrderOnly) {
  EXPECT_DOUBLE_EQ(RankCorrelation({1, 2, 3, 4}, {1, 10, 100, 1000}), 1.0);
  EXPECT_DOUBLE_EQ(RankCorrelation({1, 2, 3, 4}, {4, 3, 2, 1}), -1.0);
  // Ranks differ by 1, 1, 1, 1: 1 - 6 * 4 / (4 * 15).
  EXPECT_DOUBLE_EQ(RankCorrelation({1, 2, 3, 4}, {2, 1, 4, 3}), 0.6);
}

TEST(RankCorrelation, GivesTiesTheirMeanRank) {
  // Ranks 0, 1.5, 1.5, 3 and 0, 1, 2, 3: 4.5 / sqrt(4.5 * 5).
  EXPECT_DOUBLE_EQ(RankCorrelation({1, 2, 2, 3}, {1, 2, 3, 4}), 4.5 / std::sqrt(22.5));
}

TEST(RankCorrelation, IsNoneWithoutVariation) {
  EXPECT_EQ(RankCorrelation({1, 1, 1}, {1, 2, 3}), 0.0);
  EXPECT_EQ(RankCorrelation({}, {}), 0.0);
}

TEST(BootstrapInterval, HoldsTheMeanOfClusters) {
  const std::vector<double> values = {1, 2, 3, 4, 5, 6, 7, 8, 9};
  const auto mean = [&](const std::vector<int>& chosen) {
    double sum = 0.0;
    for (const int i : chosen) sum += values[static_cast<std::size_t>(i)];
    return sum / static_cast<double>(chosen.size());
  };
  const Interval interval = BootstrapInterval(9, 2000, 3, mean);
  // By the central limit theorem 5 +- 1.96 * sqrt(20 / 3 / 9).
  EXPECT_NEAR(interval.low, 5.0 - 1.69, 0.2);
  EXPECT_NEAR(interval.high, 5.0 + 1.69, 0.2);
}

TEST(BootstrapInterval, LeavesOutDrawsWithoutAValue) {
  const Interval interval =
      BootstrapInterval(2, 100, 1, [](const std::vector<int>& chosen) { return chosen[0] == 0 ? std::nan("") : 1.0; });
  EXPECT_EQ(interval.low, 1.0);
  EXPECT_EQ(interval.high, 1.0);
}

}  // namespace
}  // namespace giot::trainer
