#include "models/uncertain/multinomial.h"

#include <cmath>
#include <map>
#include <numeric>
#include <vector>

#include "gtest/gtest.h"

namespace giot::uncertain {
namespace {

double LogChoose(double n, double k) { return std::lgamma(n + 1.0) - std::lgamma(k + 1.0) - std::lgamma(n - k + 1.0); }

double BinomialChance(std::int64_t trials, double p, std::int64_t successes) {
  const auto n = static_cast<double>(trials);
  const auto k = static_cast<double>(successes);
  return std::exp(LogChoose(n, k) + k * std::log(p) + (n - k) * std::log1p(-p));
}

// Pearson's statistic of draws from a binomial, in standard deviations of its
// distribution; outcomes expected fewer than ten times count as one.
double ChiSquareDeviations(const std::map<std::int64_t, int>& draws, std::int64_t trials, double p) {
  int total = 0;
  for (const auto& [successes, count] : draws) total += count;
  double statistic = 0.0;
  double rare_expected = total;
  int rare_count = total;
  int bins = 0;
  for (std::int64_t successes = 0; successes <= trials; ++successes) {
    const double expected = total * BinomialChance(trials, p, successes);
    if (expected < 10.0) continue;
    const auto found = draws.find(successes);
    const int count = found == draws.end() ? 0 : found->second;
    statistic += (count - expected) * (count - expected) / expected;
    rare_expected -= expected;
    rare_count -= count;
    ++bins;
  }
  if (rare_expected > 10.0) {
    statistic += (rare_count - rare_expected) * (rare_count - rare_expected) / rare_expected;
  } else {
    --bins;
  }
  return (statistic - bins) / std::sqrt(2.0 * bins);
}

struct Binomial {
  std::int64_t trials;
  double p;
};

class DrawBinomialTest : public testing::TestWithParam<Binomial> {};

// By inversion, at the edge between the two ways, by rejection, and mirrored.
INSTANTIATE_TEST_SUITE_P(Regimes, DrawBinomialTest,
                         testing::Values(Binomial{7, 0.3}, Binomial{1000, 0.0099}, Binomial{1000, 0.0101},
                                         Binomial{300, 0.5}, Binomial{1000, 0.2}, Binomial{1000, 0.93},
                                         Binomial{40'000, 0.4}, Binomial{1'000'000, 0.001}));

TEST_P(DrawBinomialTest, FollowsTheBinomialDistribution) {
  const auto [trials, p] = GetParam();
  SplitMix64 random(1);
  std::map<std::int64_t, int> draws;
  for (int i = 0; i < 200'000; ++i) ++draws[DrawBinomial(trials, p, random)];
  EXPECT_LT(std::abs(ChiSquareDeviations(draws, trials, p)), 4.0);
}

TEST(DrawBinomialTest, CertaintiesAreCertain) {
  SplitMix64 random(1);
  EXPECT_EQ(DrawBinomial(1000, 0.0, random), 0);
  EXPECT_EQ(DrawBinomial(1000, 1.0, random), 1000);
  EXPECT_EQ(DrawBinomial(0, 0.5, random), 0);
}

class MultinomialTest : public testing::TestWithParam<std::int64_t> {};

// One by one, an odd number too, and type by type.
INSTANTIATE_TEST_SUITE_P(Vehicles, MultinomialTest, testing::Values(1, 7, 40, 256, 257, 2000));

TEST_P(MultinomialTest, EveryTypeIsBinomialAndPairsAreNegativelyCorrelated) {
  const std::int64_t vehicles = GetParam();
  const std::vector<double> p = {0.05, 0.45, 0.2, 0.3};
  const Multinomial multinomial(vehicles, p);
  constexpr int kDraws = 100'000;
  SplitMix64 random(2);
  std::vector<std::map<std::int64_t, int>> draws(p.size());
  double product = 0.0;
  for (int i = 0; i < kDraws; ++i) {
    const std::array<std::int64_t, kMaxTypes> counts = multinomial.Draw(random);
    ASSERT_EQ(std::accumulate(counts.begin(), counts.end(), std::int64_t{0}), vehicles);
    for (std::size_t k = 0; k < p.size(); ++k) ++draws[k][counts[k]];
    product += (static_cast<double>(counts[1]) - 0.45 * static_cast<double>(vehicles)) *
               (static_cast<double>(counts[3]) - 0.3 * static_cast<double>(vehicles));
  }
  for (std::size_t k = 0; k < p.size(); ++k) {
    EXPECT_LT(std::abs(ChiSquareDeviations(draws[k], vehicles, p[k])), 4.0) << "type " << k;
  }
  const double covariance = -0.45 * 0.3 * static_cast<double>(vehicles);
  EXPECT_NEAR(product / kDraws / covariance, 1.0, 0.05);
}

TEST(MultinomialTest, ARareTypeIsAlmostNeverDrawn) {
  const std::vector<double> p = {1e-9, 1.0 - 2e-9, 1e-9};
  for (const std::int64_t vehicles : {40, 4000}) {
    const Multinomial multinomial(vehicles, p);
    SplitMix64 random(3);
    for (int i = 0; i < 1000; ++i) EXPECT_GE(multinomial.Draw(random)[1], vehicles - 1);
  }
}

}  // namespace
}  // namespace giot::uncertain
