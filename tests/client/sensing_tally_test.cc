#include "client/sensing_tally.h"

#include "gtest/gtest.h"

namespace giot::client {
namespace {

TEST(IsPaidTest, TheLowerBoundAndTheToleranceMustReachWhatWasAgreed) {
  EXPECT_TRUE(IsPaid(0.5, 0.1, 600'000));
  EXPECT_FALSE(IsPaid(0.5, 0.1, 600'001));
  EXPECT_TRUE(IsPaid(0.3, 0.3, 600'000));  // Though .3 + .3 is less in binary.
  EXPECT_FALSE(IsPaid(0.0, 0.0, 1));
}

TEST(SensingTallyTest, CountsHonestAndCheatsApart) {
  SensingTally tally;
  tally.Add({Conduct::kHonest, 0.5, 0.5, 0.6, true, 2.0});
  tally.Add({Conduct::kHonest, 0.7, 0.7, 0.4, false, 0.0});
  tally.Add({Conduct::kReplay, 0.5, 0.0, 0.0, false, 0.0});
  tally.Add({Conduct::kGrain, 0.5, 0.2, 0.5, true, 1.0});
  tally.Add({Conduct::kCorrupt, 0.5, 0.0, std::nullopt, false, 0.0});
  EXPECT_EQ(tally.deliveries(Conduct::kHonest), 2);
  EXPECT_EQ(tally.paid(Conduct::kHonest), 1);
  EXPECT_EQ(tally.cheats(), 3);
  EXPECT_EQ(tally.cheats_paid(), 1);
  EXPECT_DOUBLE_EQ(tally.HonestPaidShare(), 0.5);
  EXPECT_DOUBLE_EQ(tally.CheatsCaughtShare(), 2.0 / 3.0);
  EXPECT_DOUBLE_EQ(tally.MeanAgreed(), 0.6);
  EXPECT_DOUBLE_EQ(tally.MeanScored(), 0.5);
  EXPECT_DOUBLE_EQ(tally.Paid(), 3.0);
  EXPECT_DOUBLE_EQ(tally.Overpaid(), 0.6);  // Three fifths of the grain's reward.
  EXPECT_DOUBLE_EQ(tally.Shortfall(1.0), 0.3);
  EXPECT_DOUBLE_EQ(tally.Shortfall(0.5), 0.0);
}

TEST(SensingTallyTest, NothingDeliveredIsNothing) {
  const SensingTally tally;
  EXPECT_EQ(tally.HonestPaidShare(), 0.0);
  EXPECT_EQ(tally.CheatsCaughtShare(), 0.0);
  EXPECT_EQ(tally.MeanAgreed(), 0.0);
  EXPECT_EQ(tally.Shortfall(0.95), 0.0);
}

}  // namespace
}  // namespace giot::client
