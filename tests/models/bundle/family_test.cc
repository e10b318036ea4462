#include "models/bundle/family.h"

#include <random>
#include <set>
#include <string>

#include "gtest/gtest.h"
#include "models/bundle/manifest.h"
#include "models/contract/market_sampler.h"
#include "models/contract/market_traits.h"
#include "models/freshness/market_sampler.h"
#include "models/freshness/pack.h"
#include "models/uncertain/market_sampler.h"
#include "models/uncertain/pack.h"
#include "tests/models/bundle/random_markets.h"
#include "tests/models/bundle/test_bundle.h"
#include "tests/models/bundle/test_environment.h"

namespace giot::bundle {
namespace {

constexpr Family kFamilies[] = {Family::kScreening, Family::kUncertain, Family::kFreshness};

TEST(FamilyTest, NamesAreThoseOfTheEnvironments) {
  for (const Family family : kFamilies) {
    EXPECT_EQ(TestEnvironment(family)->name(), NameOf(family));
    EXPECT_EQ(ParseFamily(NameOf(family)), family);
  }
  EXPECT_EQ(ParseFamily("screening2"), std::nullopt);
  EXPECT_EQ(ParseFamily(""), std::nullopt);
}

TEST(FamilyTest, ShapesAreThoseOfTheEnvironments) {
  for (const Family family : kFamilies) {
    const FamilyShape& shape = ShapeOf(family);
    const policy::PolicyShape wanted{.types = shape.types,
                                     .globals = shape.globals,
                                     .type_features = shape.type_features,
                                     .global_features = shape.global_features,
                                     .proposal_features = shape.proposal_features,
                                     .channels = shape.channels};
    EXPECT_EQ(TestEnvironment(family)->shape(), wanted) << NameOf(family);
    EXPECT_LE(shape.channels * shape.types, kMaxLevels);
  }
}

TEST(FamilyTest, PackedMarketsHaveTheGlobalsOfTheShape) {
  std::mt19937_64 random(1);
  for (const Family family : kFamilies) {
    EXPECT_EQ(RandomMarket(family, 5, random).globals, ShapeOf(family).globals) << NameOf(family);
  }
}

std::set<std::string> NamesOf(const contract::MarketTraits& traits) {
  std::set<std::string> names;
  for (const contract::MarketTrait& trait : traits) names.emplace(trait.name);
  return names;
}
std::set<std::string> NamesOf(Family family) {
  std::set<std::string> names;
  for (const absl::string_view trait : TraitsOf(family)) names.emplace(trait);
  return names;
}

TEST(FamilyTest, TraitsAreThoseThatMarketsHave) {
  std::mt19937_64 random(2);
  contract::MarketDistribution with_budget;
  with_budget.budget_share = 1.0;
  EXPECT_EQ(NamesOf(contract::Traits(contract::SampleMarket(with_budget, random))), NamesOf(Family::kScreening));
  EXPECT_EQ(NamesOf(uncertain::Traits(uncertain::SampleMarket({}, random))), NamesOf(Family::kUncertain));
  EXPECT_EQ(NamesOf(freshness::Traits(freshness::SampleMarket({}, random))), NamesOf(Family::kFreshness));
}

TEST(FamilyTest, MarketsOfTheTrainingDistributionAreWithinTheTestRanges) {
  std::mt19937_64 random(3);
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(OutsideRanges(TestRanges(), contract::Traits(contract::SampleMarket({}, random))), std::nullopt);
    EXPECT_EQ(OutsideRanges(TestRanges(Family::kUncertain), uncertain::Traits(uncertain::SampleMarket({}, random))),
              std::nullopt);
    EXPECT_EQ(OutsideRanges(TestRanges(Family::kFreshness), freshness::Traits(freshness::SampleMarket({}, random))),
              std::nullopt);
  }
}

}  // namespace
}  // namespace giot::bundle
