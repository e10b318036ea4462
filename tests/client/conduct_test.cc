#include "client/conduct.h"

#include <map>

#include "gtest/gtest.h"

namespace giot::client {
namespace {

std::map<Conduct, int> Count(int vehicles, double share, std::uint64_t seed = 1) {
  std::map<Conduct, int> counts;
  for (int v = 0; v < vehicles; ++v) ++counts[ConductOf(static_cast<std::uint64_t>(v), share, seed)];
  return counts;
}

TEST(ConductTest, TheShareOfCheatsIsAsAskedAndAllWaysTakeTurns) {
  auto counts = Count(100, 0.25);
  EXPECT_EQ(counts[Conduct::kHonest], 75);
  for (const Conduct cheat :
       {Conduct::kReplay, Conduct::kGrain, Conduct::kUpscale, Conduct::kStale, Conduct::kCorrupt}) {
    EXPECT_EQ(counts[cheat], 5) << NameOf(cheat);
  }
}

TEST(ConductTest, NobodyOrEverybodyMayCheat) {
  EXPECT_EQ(Count(50, 0.0)[Conduct::kHonest], 50);
  EXPECT_EQ(Count(50, 1.0)[Conduct::kHonest], 0);
}

TEST(ConductTest, NamesAreInOrder) {
  EXPECT_EQ(NameOf(Conduct::kHonest), "honest");
  EXPECT_EQ(NameOf(Conduct::kUpscale), "upscale");
  EXPECT_EQ(NameOf(Conduct::kCorrupt), "corrupt");
}

}  // namespace
}  // namespace giot::client
