#include "models/bundle/propose.h"

#include <random>
#include <vector>

#include "gtest/gtest.h"
#include "models/policy/noise.h"
#include "tests/models/bundle/random_markets.h"
#include "tests/models/bundle/scratch.h"
#include "tests/models/bundle/test_bundle.h"

namespace giot::bundle {
namespace {

using absl::StatusCode;

std::vector<double> Levels(const Bundle& bundle, const contract::PackedMarket& market, int first, int samples) {
  const int width = ShapeOf(bundle.manifest().family).channels * market.types;
  std::vector<double> levels(static_cast<std::size_t>(samples * width));
  const absl::Status status = Propose(bundle, market, 9, first, samples, absl::MakeSpan(levels));
  EXPECT_TRUE(status.ok()) << status;
  return levels;
}

TEST(ProposeTest, ProposalIsTheRunnersAnswerToTheNoiseOfItsNumber) {
  std::mt19937_64 random(1);
  for (const Family family : {Family::kScreening, Family::kUncertain, Family::kFreshness}) {
    const auto bundle = Bundle::Load(WriteTestBundle(ScratchDirectory(), "some", 1, family));
    ASSERT_TRUE(bundle.ok()) << bundle.status();
    const contract::PackedMarket market = RandomMarket(family, 6, random);
    const auto width = static_cast<std::size_t>(ShapeOf(family).channels * 6);
    std::vector<float> noise(3 * width);
    policy::FillGaussian(9, 5, absl::MakeSpan(noise));
    std::vector<float> wanted(width);
    ASSERT_TRUE((*bundle)->runner().Run(market, noise, 1, absl::MakeSpan(wanted)).ok());
    EXPECT_EQ(Levels(**bundle, market, 5, 1), std::vector<double>(wanted.begin(), wanted.end()));
  }
}

TEST(ProposeTest, ProposalsAreTheSameInChunksAndOneByOne) {
  std::mt19937_64 random(2);
  const auto bundle = Bundle::Load(WriteTestBundle(ScratchDirectory(), "some", 1, Family::kUncertain));
  ASSERT_TRUE(bundle.ok()) << bundle.status();
  const contract::PackedMarket market = RandomMarket(Family::kUncertain, 6, random);
  const std::vector<double> together = Levels(**bundle, market, 3, 40);
  for (int n = 0; n < 40; ++n) {
    const std::vector<double> alone = Levels(**bundle, market, 3 + n, 1);
    for (std::size_t i = 0; i < 12; ++i) EXPECT_NEAR(alone[i], together[12 * static_cast<std::size_t>(n) + i], 1e-6);
  }
}

TEST(ProposeTest, SizesThatDisagreeAreInvalid) {
  std::mt19937_64 random(3);
  const auto bundle = Bundle::Load(WriteTestBundle(ScratchDirectory(), "some", 1, Family::kUncertain));
  ASSERT_TRUE(bundle.ok()) << bundle.status();
  contract::PackedMarket market = RandomMarket(Family::kUncertain, 6, random);
  std::vector<double> levels(24);
  EXPECT_TRUE(Propose(**bundle, market, 1, 0, 2, absl::MakeSpan(levels)).ok());
  EXPECT_EQ(Propose(**bundle, market, 1, 0, 1, absl::MakeSpan(levels)).code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(Propose(**bundle, market, 1, 0, 0, {}).code(), StatusCode::kInvalidArgument);
  market.types = 17;
  EXPECT_EQ(Propose(**bundle, market, 1, 0, 1, absl::MakeSpan(levels)).code(), StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace giot::bundle
