#include "models/search/random_source.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <vector>

namespace giot::search {
namespace {

TEST(RandomSourceTest, DependsOnTheSeedAlone) {
  // xoshiro256++ from a state of four splitmix64 draws, computed apart; 2^53 times the number.
  RandomSource random(42);
  for (const double expected : {7334608696282829.0, 2871684634439142.0, 8862130818352285.0, 6315268036991750.0}) {
    EXPECT_EQ(random.Uniform() * 0x1p53, expected);
  }
}

TEST(RandomSourceTest, OneLongFillIsManyShortOnes) {
  RandomSource once(7);
  RandomSource often(7);
  std::vector<double> whole(10'000);
  std::vector<double> parts(10'000);
  once.FillGaussian(absl::MakeSpan(whole));
  for (std::size_t i = 0; i < parts.size(); i += 50) often.FillGaussian(absl::MakeSpan(parts).subspan(i, 50));
  EXPECT_EQ(whole, parts);
}

TEST(RandomSourceTest, GaussianNumbersFollowTheirDistribution) {
  constexpr std::size_t kCount = 2'000'000;
  std::vector<double> values(kCount);
  RandomSource(3).FillGaussian(absl::MakeSpan(values));
  // The last two lie in the ziggurat's tail, beyond 3.654.
  for (const double bound : {-3.8, -2.0, -0.5, 0.0, 0.2, 1.0, 3.0, 3.7, 4.0}) {
    double below = 0.0;
    for (const double value : values) below += value < bound ? 1.0 : 0.0;
    const double share = 0.5 * std::erfc(-bound / std::sqrt(2.0));
    const double deviation = std::sqrt(share * (1.0 - share) * kCount);
    EXPECT_NEAR(below, share * kCount, 4.0 * deviation) << bound;
  }
}

TEST(RandomSourceTest, LevelsFillTheBoxEvenly) {
  std::vector<double> levels(100'000);
  RandomSource(5).FillLevels(absl::MakeSpan(levels));
  double sum = 0.0;
  double squares = 0.0;
  for (const double level : levels) {
    EXPECT_GE(level, -1.0);
    EXPECT_LT(level, 1.0);
    sum += level;
    squares += level * level;
  }
  EXPECT_NEAR(sum / 1e5, 0.0, 0.008);            // Four standard errors.
  EXPECT_NEAR(squares / 1e5, 1.0 / 3.0, 0.004);  // Four standard errors.
}

}  // namespace
}  // namespace giot::search
