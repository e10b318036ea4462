#include "models/uncertain/coverage_conjugate.h"

#include <algorithm>
#include <cmath>
#include <random>

#include "gtest/gtest.h"
#include "models/uncertain/market_sampler.h"
#include "tests/models/uncertain/market_fixture.h"

namespace giot::uncertain {
namespace {

double OnAGrid(const UncertainMarket& market, double price, double largest) {
  constexpr int kPoints = 20'000;
  double best = -1e300;
  for (int i = 0; i <= kPoints; ++i) {
    const double coverage = largest * i / kPoints;
    best = std::max(best, market.CoverageValue(coverage) - price * coverage);
  }
  return best;
}

void ExpectMaximum(const UncertainMarket& market, double price, double largest) {
  const CoverageConjugate::Maximum maximum = CoverageConjugate(market, largest).At(price);
  const double grid = OnAGrid(market, price, largest);
  ASSERT_GE(maximum.value, grid - 1e-13) << "price " << price << " up to " << largest;
  ASSERT_GE(maximum.coverage, 0.0);
  ASSERT_LE(maximum.coverage, largest);
  ASSERT_NEAR(maximum.value, market.CoverageValue(maximum.coverage) - price * maximum.coverage, 1e-13);
}

TEST(CoverageConjugateTest, TheLogarithmAloneHasAClosedForm) {
  MarketFixture fixture;
  fixture.threshold_value = 0.0;
  // .5 x 10 / (1 + 10 S) = 2 at S = .15.
  const CoverageConjugate::Maximum maximum = CoverageConjugate(*fixture.Create(), 1.5).At(2.0);
  EXPECT_NEAR(maximum.coverage, 0.15, 1e-12);
  EXPECT_NEAR(maximum.value, 0.5 * std::log(2.5) - 0.3, 1e-15);
}

TEST(CoverageConjugateTest, TheThresholdAloneIsBoughtOrNot) {
  MarketFixture fixture;
  fixture.coverage_value = 0.0;
  fixture.threshold_width = 0.001;
  const UncertainMarket market = *fixture.Create();
  const CoverageConjugate conjugate(market, 1.5);
  EXPECT_NEAR(conjugate.At(3.0).coverage, 0.3, 0.01);  // 1 is worth .3 x 3,
  EXPECT_NEAR(conjugate.At(3.6).coverage, 0.0, 0.01);  // but not .3 x 3.6.
}

TEST(CoverageConjugateTest, AFreeGoodIsBoughtInFull) {
  EXPECT_EQ(CoverageConjugate(*MarketFixture().Create(), 1.5).At(0.0).coverage, 1.5);
}

TEST(CoverageConjugateTest, NothingIsBoughtAtTheLargestSlope) {
  const CoverageConjugate conjugate(*MarketFixture().Create(), 1.5);
  EXPECT_EQ(conjugate.At(conjugate.LargestSlope()).coverage, 0.0);
}

TEST(CoverageConjugateTest, FindsTheGlobalMaximumInRandomMarkets) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 100; ++i) {
    const UncertainMarket market = SampleMarket(UncertainDistribution(), random);
    for (const double price : {0.05, 0.3, 1.0, 2.0, 4.0, 8.0, 16.0}) ExpectMaximum(market, price, 1.7);
  }
}

TEST(CoverageConjugateTest, FindsTheGlobalMaximumWhereTheShapeIsExtreme) {
  for (const double width : {1e-9, 1e-3, 0.3, 3.0}) {
    for (const double threshold_value : {0.0, 1e-3, 1.0, 30.0}) {
      for (const double coverage_value : {0.0, 1e-3, 0.5, 30.0}) {
        if (threshold_value + coverage_value == 0.0) continue;
        MarketFixture fixture;
        fixture.threshold_width = width;
        fixture.threshold_value = threshold_value;
        fixture.coverage_value = coverage_value;
        const UncertainMarket market = *fixture.Create();
        for (const double price : {0.0, 0.5, 2.0, 20.0}) {
          for (const double largest : {0.1, 0.3, 1.7}) ExpectMaximum(market, price, largest);
        }
      }
    }
  }
}

}  // namespace
}  // namespace giot::uncertain
