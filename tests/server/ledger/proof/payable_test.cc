#include "server/ledger/proof/payable.h"

#include "gtest/gtest.h"

namespace giot::ledger {
namespace {

TEST(PayableMicrosTest, IsTheLesserOfBothBounds) {
  EXPECT_EQ(PayableMicros(0.75, 0.625, 100'000, 30'000), 725'000);
  EXPECT_EQ(PayableMicros(0.75, 0.7, 100'000, 30'000), 780'000);
}

TEST(PayableMicrosTest, IsNoMoreThanOne) { EXPECT_EQ(PayableMicros(1.0, 0.95, 100'000, 30'000), 1'000'000); }

TEST(PayableMicrosTest, OfNothingIsNothing) {
  EXPECT_EQ(PayableMicros(0.0, 0.0, 100'000, 30'000), 0);
  EXPECT_EQ(PayableMicros(0.0000004, 0.0, 100'000, 30'000), 0);
  EXPECT_EQ(PayableMicros(0.0000006, 0.0, 100'000, 30'000), 30'001);
}

TEST(PayableMicrosTest, RoundsEachFirst) {
  EXPECT_EQ(PayableMicros(0.5, 0.1000004, 0, 30'000), 100'000);
  EXPECT_EQ(PayableMicros(0.5, 0.1000006, 0, 30'000), 100'001);
}

}  // namespace
}  // namespace giot::ledger
