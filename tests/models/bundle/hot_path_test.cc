#include <random>
#include <vector>

#include "gtest/gtest.h"
#include "models/bundle/bundle.h"
#include "models/bundle/designer.h"
#include "models/bundle/propose.h"
#include "models/contract/market_sampler.h"
#include "tests/models/bundle/counting_allocator.h"
#include "tests/models/bundle/random_markets.h"
#include "tests/models/bundle/scratch.h"
#include "tests/models/bundle/test_bundle.h"

namespace giot::bundle {
namespace {

TEST(HotPathTest, DesigningAMenuAllocatesNothing) {
  const auto bundle = Bundle::Load(WriteTestBundle(ScratchDirectory()));
  ASSERT_TRUE(bundle.ok()) << bundle.status();
  ASSERT_EQ((*bundle)->fast_runner_refusal(), std::nullopt);
  std::mt19937_64 random(1);
  std::vector<contract::ScreeningMarket> markets;
  for (int i = 0; i < 20; ++i) markets.push_back(contract::SampleMarket({}, random));

  bool ok = true;
  const int before = AllocationCount();
  for (const contract::ScreeningMarket& market : markets) {
    for (const int samples : {1, 16}) {
      ok = ok && DesignMenu(**bundle, market, market.types(), {.samples = samples}).ok();
    }
  }
  const int after = AllocationCount();
  EXPECT_TRUE(ok);
  EXPECT_GT(before, 0) << "loading allocates: the counter works";
  EXPECT_EQ(after - before, 0);
}

TEST(HotPathTest, ProposalsAllocateNothingForAnyFamily) {
  std::mt19937_64 random(2);
  for (const Family family : {Family::kScreening, Family::kUncertain, Family::kFreshness}) {
    const auto bundle = Bundle::Load(WriteTestBundle(ScratchDirectory(), "some", 1, family));
    ASSERT_TRUE(bundle.ok()) << bundle.status();
    ASSERT_EQ((*bundle)->fast_runner_refusal(), std::nullopt);
    const int types = ShapeOf(family).types;
    const contract::PackedMarket market = RandomMarket(family, types, random);
    std::vector<double> levels(static_cast<std::size_t>(20 * ShapeOf(family).channels * types));
    const int before = AllocationCount();
    const bool ok = Propose(**bundle, market, 1, 0, 20, absl::MakeSpan(levels)).ok();
    EXPECT_EQ(AllocationCount() - before, 0) << NameOf(family);
    EXPECT_TRUE(ok);
  }
}

}  // namespace
}  // namespace giot::bundle
