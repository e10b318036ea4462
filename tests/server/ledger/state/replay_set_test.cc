#include "server/ledger/state/replay_set.h"

#include "gtest/gtest.h"

namespace giot::ledger {
namespace {

const Digest kOne = Sha256({"one"});
const Digest kOther = Sha256({"other"});

TEST(ReplaySetTest, RemembersUntilTheBlockTimeExceedsTheExpiry) {
  ReplaySet replays;
  replays.Add(kOne, 100, 7);
  replays.Add(kOther, 101, 8);
  replays.Forget(100);
  EXPECT_EQ(replays.Find(kOne), 7u);
  replays.Forget(101);
  EXPECT_FALSE(replays.Find(kOne).has_value());
  EXPECT_EQ(replays.Find(kOther), 8u);
  EXPECT_EQ(replays.size(), 1u);
}

TEST(ReplaySetTest, KeepsTheFirstPlace) {
  ReplaySet replays;
  replays.Add(kOne, 100, 7);
  replays.Add(kOne, 200, 9);
  EXPECT_EQ(replays.Find(kOne), 7u);
  replays.Forget(150);
  EXPECT_EQ(replays.size(), 0u);
}

TEST(ReplaySetTest, ForgetsAllOfOneExpiry) {
  ReplaySet replays;
  replays.Add(kOne, 100, 1);
  replays.Add(kOther, 100, 2);
  replays.Forget(1'000);
  EXPECT_EQ(replays.size(), 0u);
  EXPECT_FALSE(replays.Find(kOther).has_value());
}

}  // namespace
}  // namespace giot::ledger
