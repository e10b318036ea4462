#include "models/contract/isotonic.h"

#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace giot::contract {
namespace {

using testing::DoubleNear;
using testing::ElementsAre;

TEST(IsotonicTest, LeavesMonotoneValuesAlone) {
  std::vector<double> values = {1.0, 1.0, 2.0};
  EXPECT_FALSE(MakeNondecreasing(absl::MakeSpan(values), std::vector<double>{1, 1, 1}));
  EXPECT_THAT(values, ElementsAre(1.0, 1.0, 2.0));
}

TEST(IsotonicTest, PoolsViolatorsAtTheirWeightedMean) {
  std::vector<double> values = {3.0, 1.0, 5.0};
  EXPECT_TRUE(MakeNondecreasing(absl::MakeSpan(values), std::vector<double>{1, 3, 1}));
  EXPECT_THAT(values, ElementsAre(1.5, 1.5, 5.0));
}

TEST(IsotonicTest, PoolingReachesBackAsFarAsItMust) {
  std::vector<double> values = {2.0, 3.0, 0.0, 0.0};
  EXPECT_TRUE(MakeNondecreasing(absl::MakeSpan(values), std::vector<double>{1, 1, 1, 1}));
  EXPECT_THAT(values, ElementsAre(1.25, 1.25, 1.25, 1.25));
}

TEST(IsotonicTest, NonincreasingIsTheMirrorImage) {
  std::vector<double> values = {0.9, 0.2, 0.6, 0.1};
  EXPECT_TRUE(MakeNonincreasing(absl::MakeSpan(values), std::vector<double>{0.1, 0.3, 0.1, 0.5}));
  EXPECT_THAT(values, ElementsAre(0.9, DoubleNear(0.3, 1e-15), DoubleNear(0.3, 1e-15), 0.1));
}

}  // namespace
}  // namespace giot::contract
