#include "models/uncertain/upper_bound.h"

#include <algorithm>
#include <cmath>

#include "gtest/gtest.h"
#include "tests/models/uncertain/market_fixture.h"

namespace giot::uncertain {
namespace {

// The bound's definition on grids of prices, coverage, rents and qualities.
double OnGrids(const UncertainMarket& market, const Scenarios& scenarios) {
  double largest_coverage = 0.0;
  for (std::size_t s = 0; s < kScenarios; ++s) {
    double coverage = 0.0;
    for (int k = 0; k < market.types(); ++k) coverage += scenarios.Weights(k)[s];
    largest_coverage = std::max(largest_coverage, coverage);
  }
  double least = 1e300;
  for (double price = 0.0; price <= 4.0; price += 0.01) {
    double bound = -1e300;
    for (int i = 0; i <= 2000; ++i) {
      const double coverage = largest_coverage * i / 2000;
      bound = std::max(bound, market.CoverageValue(coverage) - price * coverage);
    }
    for (int k = 0; k < market.types(); ++k) {
      const auto type = static_cast<std::size_t>(k);
      const double p = market.probabilities()[type];
      double gain = 0.0;
      for (int i = 0; i <= 500; ++i) {
        const double quality = i / 500.0;
        gain = std::max(gain, price * scenarios.mean_weights()[type] / p * quality -
                                  market.cost_types()[type] * market.Cost(quality));
      }
      double best = 0.0;
      for (int i = 0; i <= 500; ++i) {
        const double rent = 0.002 * i;
        best = std::max(best, market.Participation(rent) * (gain - rent));
      }
      bound += p * best;
    }
    least = std::min(least, bound);
  }
  return least;
}

TEST(UtilityUpperBoundTest, AgreesWithItsDefinitionOnGrids) {
  MarketFixture fixture;
  for (const double threshold_value : {0.0, 1.0}) {
    for (const double outside_option : {0.0, 0.2}) {
      fixture.threshold_value = threshold_value;
      fixture.outside_option = outside_option;
      const UncertainMarket market = *fixture.Create();
      const Scenarios scenarios(market);
      EXPECT_NEAR(UtilityUpperBound(market, scenarios), OnGrids(market, scenarios), 2e-4);
    }
  }
}

TEST(UtilityUpperBoundTest, WhereNothingIsWorthBuyingItIsTheValueOfNoCoverage) {
  MarketFixture fixture;
  fixture.cost_types = {500, 800, 1000};
  const UncertainMarket market = *fixture.Create();
  EXPECT_NEAR(UtilityUpperBound(market, Scenarios(market)), 1.0 / (1.0 + std::exp(7.5)), 1e-15);
}

TEST(UtilityUpperBoundTest, ScalesWithTheUnitOfMoney) {
  MarketFixture fixture;
  fixture.cost_types = {20, 32, 40};
  fixture.coverage_value *= 40;
  fixture.threshold_value *= 40;
  fixture.outside_option *= 40;
  fixture.participation_noise *= 40;
  const UncertainMarket market = *fixture.Create();
  const Scenarios scenarios(market);
  EXPECT_NEAR(UtilityUpperBound(market, scenarios), 40 * UtilityUpperBound(market.Normalized(), scenarios), 1e-4);
}

}  // namespace
}  // namespace giot::uncertain
