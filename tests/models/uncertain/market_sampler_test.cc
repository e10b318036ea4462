#include "models/uncertain/market_sampler.h"

#include <algorithm>
#include <random>

#include "gtest/gtest.h"

namespace giot::uncertain {
namespace {

struct Range {
  double low = 1e300;
  double high = -1e300;
  void Add(double value) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
};

// Within [low, high], and near both ends.
void ExpectFills(const Range& seen, double low, double high) {
  const double margin = 0.02 * (high - low);
  EXPECT_GE(seen.low, low);
  EXPECT_LE(seen.low, low + margin);
  EXPECT_LE(seen.high, high);
  EXPECT_GE(seen.high, high - margin);
}

TEST(SampleMarketTest, FillsTheStatedRanges) {
  std::mt19937_64 random(1);
  Range types, first, last, rate, curvature, vehicles, coverage, value, threshold, width, outside, noise;
  for (int i = 0; i < 10'000; ++i) {
    const UncertainMarket market = SampleMarket(UncertainDistribution(), random);
    types.Add(market.types());
    first.Add(market.cost_types().front());
    last.Add(market.cost_types().back());
    rate.Add(market.value_rate());
    curvature.Add(market.cost_curvature());
    vehicles.Add(static_cast<double>(market.vehicles()));
    coverage.Add(market.coverage_value());
    value.Add(market.threshold_value());
    threshold.Add(market.threshold());
    width.Add(market.threshold_width());
    outside.Add(market.outside_option());
    noise.Add(market.participation_noise());
  }
  ExpectFills(types, 2, 16);
  ExpectFills(first, 0.1, 0.6);
  ExpectFills(last, 0.8, 1.5);
  ExpectFills(rate, 6, 40);
  ExpectFills(curvature, 0, 1);
  ExpectFills(vehicles, 5, 40);
  ExpectFills(coverage, 0.2, 0.8);
  ExpectFills(value, 0.3, 1.5);
  ExpectFills(threshold, 0.15, 0.6);
  ExpectFills(width, 0.02, 0.06);
  ExpectFills(outside, 0, 0.2);
  ExpectFills(noise, 0.02, 0.1);
}

TEST(SampleMarketTest, KeepsToARangeOfOneValue) {
  std::mt19937_64 random(1);
  UncertainDistribution distribution;
  distribution.types_min = distribution.types_max = 7;
  distribution.vehicles_min = distribution.vehicles_max = 12;
  distribution.cost_curvature_max = 0.0;
  const UncertainMarket market = SampleMarket(distribution, random);
  EXPECT_EQ(market.types(), 7);
  EXPECT_EQ(market.vehicles(), 12);
  EXPECT_EQ(market.cost_curvature(), 0.0);
}

}  // namespace
}  // namespace giot::uncertain
