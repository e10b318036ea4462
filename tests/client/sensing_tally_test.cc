#include "client/sensing_tally.h"

#include "gtest/gtest.h"

namespace giot::client {
namespace {

TEST(SensingTallyTest, CountsHonestAndCheatsApart) {
  SensingTally tally;
  tally.Add({.agreed = 0.5, .true_quality = 0.5, .scored = 0.6, .paid = true, .reward = 2.0});
  tally.Add({.agreed = 0.7, .settled = true, .true_quality = 0.7, .scored = 0.4});
  tally.Add({.conduct = Conduct::kReplay, .agreed = 0.5, .scored = 0.0});
  tally.Add(
      {.conduct = Conduct::kGrain, .agreed = 0.5, .true_quality = 0.2, .scored = 0.5, .paid = true, .reward = 1.0});
  tally.Add({.conduct = Conduct::kCorrupt, .agreed = 0.5});
  tally.AddDeclined();
  EXPECT_EQ(tally.deliveries(Conduct::kHonest), 2);
  EXPECT_EQ(tally.paid(Conduct::kHonest), 1);
  EXPECT_EQ(tally.settled(), 1);
  EXPECT_EQ(tally.declined(), 1);
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

TEST(SensingTallyTest, VehiclesFoundAreForEachUnitOfMoney) {
  SensingTally tally;
  tally.Add({.agreed = 0.5, .true_quality = 0.5, .scored = 0.6, .paid = true, .reward = 1.5, .found = 3.0});
  tally.Add({.agreed = 0.5, .true_quality = 0.5, .scored = 0.6, .paid = true, .reward = 0.5, .found = 2.0});
  EXPECT_DOUBLE_EQ(tally.FoundPerMoney().value(), 2.5);
}

TEST(SensingTallyTest, WhereNobodyLookedNothingIsSaidOfVehicles) {
  SensingTally tally;
  tally.Add({.agreed = 0.5, .true_quality = 0.5, .scored = 0.6, .paid = true, .reward = 1.5});
  EXPECT_FALSE(tally.FoundPerMoney().has_value());
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
