#include "models/freshness/upper_bound.h"

#include <algorithm>
#include <cmath>
#include <random>

#include "gtest/gtest.h"
#include "models/freshness/market_sampler.h"
#include "tests/models/freshness/market_fixture.h"

namespace giot::freshness {
namespace {

TEST(FirstBestUtilityTest, IsClosedFormWhereFreshnessDoesNotMatter) {
  MarketFixture fixture;
  fixture.sensing_costs = {2.0, 4.0, 40.0};
  fixture.staleness_rate = 0.0;
  // f = 0 and q = omega / theta - 1 / a: .4, .15, and too costly.
  const double expected = 0.25 * (std::log(5.0) - 2.0 * 0.4) + 0.5 * (std::log(2.5) - 4.0 * 0.15);
  EXPECT_NEAR(FirstBestUtility(*fixture.Create()), expected, 1e-12);
}

TEST(FirstBestUtilityTest, IsFullServiceWhereCostsHardlyMatter) {
  MarketFixture fixture;
  fixture.sensing_costs = {0.001, 0.002, 0.003};
  fixture.update_costs = {0.001, 0.002, 0.003};
  EXPECT_NEAR(FirstBestUtility(*fixture.Create()), std::log(11.0) - 2.0 * 0.002, 1e-12);
}

// The best surplus of a type over a dense grid of update rates, best quality by
// golden-section search of a concave function.
double SurplusOnAGrid(const FreshnessMarket& market, int type) {
  double best = 0.0;
  for (int i = 0; i <= 400; ++i) {
    const double f = i / 400.0;
    double low = 0.0;
    double high = 1.0;
    const auto surplus = [&](double q) { return market.Value(q, f) - market.Cost(type, q, f); };
    for (int step = 0; step < 40; ++step) {
      const double left = high - 0.618033988749895 * (high - low);
      const double right = low + 0.618033988749895 * (high - low);
      if (surplus(left) < surplus(right)) {
        low = left;
      } else {
        high = right;
      }
    }
    best = std::max({best, surplus(low), surplus(0.0), surplus(1.0)});
  }
  return best;
}

TEST(FirstBestUtilityTest, IsTheMaximumOfADenseGrid) {
  std::mt19937_64 random(1);
  const auto draw = [&random](double low, double high) {
    return low * std::pow(high / low, std::uniform_real_distribution<double>(0.0, 1.0)(random));
  };
  int local = 0;  // Markets whose first type has a local maximum besides f = 0.
  for (int i = 0; i < 300; ++i) {
    MarketFixture fixture;
    fixture.sensing_costs = {draw(0.1, 1.0), 1e9};  // The second type is not worth serving.
    fixture.update_costs = {draw(0.05, 3.0), 1e9};
    fixture.probabilities = {0.5, 0.5};
    fixture.value_scale = draw(0.2, 5.0);
    fixture.value_rate = draw(1.0, 30.0);
    fixture.staleness_rate = draw(0.02, 3.0);
    const FreshnessMarket market = *fixture.Create();
    const double grid = 0.5 * SurplusOnAGrid(market, 0);
    const double bound = FirstBestUtility(market);
    EXPECT_GE(bound, grid - 1e-12) << "market " << i;
    EXPECT_LE(bound, grid + 1e-3 * (grid + 0.01)) << "market " << i;
    local += grid > 0.0 && market.Value(1.0, 0.0) < 0.1 * grid ? 1 : 0;
  }
  EXPECT_GT(local, 50);
}

}  // namespace
}  // namespace giot::freshness
