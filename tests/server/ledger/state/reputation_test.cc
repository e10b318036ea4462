#include "server/ledger/state/reputation.h"

#include "gtest/gtest.h"

namespace giot::ledger {
namespace {

TEST(ReputationTest, GoesAnEighthOfTheWayRoundedTowardsWhereItIs) {
  EXPECT_EQ(Raised(500'000), 562'500u);
  EXPECT_EQ(Lowered(500'000), 437'500u);
  EXPECT_EQ(Raised(999'990), 999'991u);
  EXPECT_EQ(Lowered(15), 14u);
}

TEST(ReputationTest, StaysWithin0And1) {
  EXPECT_EQ(Raised(1'000'000), 1'000'000u);
  EXPECT_EQ(Raised(999'993), 999'993u);
  EXPECT_EQ(Raised(0), 125'000u);
  EXPECT_EQ(Lowered(0), 0u);
  EXPECT_EQ(Lowered(7), 7u);
  EXPECT_EQ(Lowered(1'000'000), 875'000u);
}

}  // namespace
}  // namespace giot::ledger
