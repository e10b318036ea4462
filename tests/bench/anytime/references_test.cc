// The stored references, checked by other means than the searches that found them.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <set>
#include <string>

#include "bench/anytime/find_best.h"
#include "bench/anytime/held_out.h"
#include "bench/anytime/reference_table.h"

namespace giot::bench {
namespace {

std::vector<Reference> Stored(const std::string& family) {
  const char* folder = std::getenv("GIOT_REFERENCES");
  const auto references = ReadReferences(std::filesystem::path(folder != nullptr ? folder : "") / (family + ".csv"));
  EXPECT_TRUE(references.ok()) << references.status();
  return references.ok() ? *references : std::vector<Reference>();
}

class ReferencesTest : public testing::TestWithParam<std::string> {};

INSTANTIATE_TEST_SUITE_P(Families, ReferencesTest, testing::Values("uncertain", "freshness"));

TEST_P(ReferencesTest, AreAboutTheMarketsThatTheSeedGives) {
  const auto markets = HeldOutMarkets(GetParam(), kHeldOutMarkets);
  ASSERT_TRUE(markets.ok());
  const std::vector<Reference> stored = Stored(GetParam());
  ASSERT_EQ(stored.size(), kHeldOutMarkets);
  EXPECT_TRUE(CheckSameMarkets(*markets, stored).ok());
  for (std::size_t i = 0; i < stored.size(); ++i) {
    EXPECT_NEAR(stored[i].upper_bound, (*markets)[i]->upper_bound(), 1e-6 * stored[i].upper_bound) << i;
  }
}

TEST_P(ReferencesTest, ArePositiveAndBelowTheirUpperBounds) {
  for (const Reference& reference : Stored(GetParam())) {
    EXPECT_GT(reference.best_known, 0.0);
    EXPECT_LE(reference.best_known, reference.upper_bound * (1.0 + 1e-6));
    EXPECT_GE(reference.evaluations, 10'000);
  }
}

TEST_P(ReferencesTest, AreReachedNearlyAndHardlyBeatenByAShortSearch) {
  constexpr std::size_t kMarkets = 10;
  const auto markets = HeldOutMarkets(GetParam(), kMarkets);
  ASSERT_TRUE(markets.ok());
  const std::vector<Reference> stored = Stored(GetParam());
  ASSERT_GE(stored.size(), kMarkets);
  double shares = 0.0;
  for (std::size_t i = 0; i < kMarkets; ++i) {
    const double share = FindBest(*(*markets)[i], 3000, /*seed=*/99).utility / stored[i].best_known;
    EXPECT_LE(share, 1.0 + 1e-4) << i;
    shares += share / kMarkets;
  }
  EXPECT_GE(shares, 0.97);
}

TEST(HeldOutMarketsTest, AreTheSameWhateverTheirNumber) {
  for (const std::string family : {"uncertain", "freshness"}) {
    const auto few = HeldOutMarkets(family, 3);
    const auto more = HeldOutMarkets(family, 6);
    ASSERT_TRUE(few.ok() && more.ok());
    std::set<std::uint64_t> checksums;
    for (std::size_t i = 0; i < 6; ++i) checksums.insert((*more)[i]->checksum());
    EXPECT_EQ(checksums.size(), 6u);
    for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ((*few)[i]->checksum(), (*more)[i]->checksum());
  }
}

TEST(HeldOutMarketsTest, AnUnknownFamilyIsInvalid) {
  EXPECT_EQ(HeldOutMarkets("screening", 1).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(HeldOutMarketsTest, ItemLevelsAreWorthWhatTheLevelsAre) {
  const auto markets = HeldOutMarkets("freshness", 20);
  ASSERT_TRUE(markets.ok());
  for (const auto& market : *markets) {
    const std::vector<double> levels(static_cast<std::size_t>(market->objective().dimension()), 0.1);
    const double value = market->objective().Value(levels);
    EXPECT_NEAR(market->item_objective()->Value(market->ItemLevels(levels)), value, 1e-5);
  }
}

TEST(FindBestTest, SameSeedSameResultAndItCountsWhatItSpends) {
  for (const std::string family : {"uncertain", "freshness"}) {
    const auto markets = HeldOutMarkets(family, 1);
    ASSERT_TRUE(markets.ok());
    const BestFound first = FindBest(*markets->front(), 1000, 4);
    const BestFound second = FindBest(*markets->front(), 1000, 4);
    EXPECT_EQ(first.utility, second.utility);
    EXPECT_EQ(first.method, second.method);
    EXPECT_NEAR(static_cast<double>(first.evaluations), 1000.0, 5.0);
  }
}

}  // namespace
}  // namespace giot::bench
