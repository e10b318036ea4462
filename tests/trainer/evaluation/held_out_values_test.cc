#include "trainer/evaluation/held_out_values.h"

#include <gtest/gtest.h>

#include <vector>

namespace giot::trainer {
namespace {

using Values = std::vector<double>;

TEST(Shares, AreOfTheBestThatIsKnown) { EXPECT_EQ(Shares({{0.5, 2.0}, {1.0, 4.0}, 0}), (Values{0.5, 0.5})); }

TEST(Shares, LeaveOutMarketsWhoseBestIsNotPositive) {
  EXPECT_EQ(Shares({{0.5, -1.0, 0.0}, {1.0, -1.0, 0.0}, 0}), (Values{0.5}));
}

TEST(PairedShares, AreOfTheBetterOfBothBests) {
  const HeldOutValues a{{1.0, 1.0, -1.0}, {1.0, 4.0, 0.0}, 0};
  const HeldOutValues b{{2.0, 3.0, 1.0}, {2.0, 3.0, 1.0}, 0};
  const auto [of_a, of_b] = PairedShares(a, b);
  EXPECT_EQ(of_a, (Values{0.5, 0.25, -1.0}));
  EXPECT_EQ(of_b, (Values{1.0, 0.75, 1.0}));
}

}  // namespace
}  // namespace giot::trainer
