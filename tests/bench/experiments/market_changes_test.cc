#include "bench/experiments/market_changes.h"

#include <cmath>
#include <string>

#include "gtest/gtest.h"

namespace giot::bench {
namespace {

using contract::ScreeningMarket;

// Three types, half a unit of budget, or none.
ScreeningMarket MakeMarket(std::optional<double> budget) {
  MarketNumbers numbers;
  numbers.cost_types = {0.25, 0.5, 1.0};
  numbers.probabilities = {0.5, 0.25, 0.25};
  numbers.value_scale = 1.0;
  numbers.value_rate = 10.0;
  numbers.cost_curvature = 0.5;
  numbers.quality_min = 0.05;
  numbers.quality_max = 1.0;
  numbers.budget = budget;
  return *numbers.ToMarket();
}

ScreeningMarket ShiftedBy(const std::string& name, const ScreeningMarket& market) {
  for (const Shift& shift : Shifts()) {
    if (shift.name == name) return Shifted(market, shift);
  }
  ADD_FAILURE() << "no shift " << name;
  return market;
}

TEST(MarketChangesTest, NumbersMakeTheMarketTheyCameFrom) {
  const ScreeningMarket market = MakeMarket(0.5);
  const ScreeningMarket again = *MarketNumbers::Of(market).ToMarket();
  EXPECT_EQ(again.cost_types(), market.cost_types());
  EXPECT_EQ(again.probabilities(), market.probabilities());
  EXPECT_EQ(again.value_scale(), market.value_scale());
  EXPECT_EQ(again.value_rate(), market.value_rate());
  EXPECT_EQ(again.cost_curvature(), market.cost_curvature());
  EXPECT_EQ(again.quality_min(), market.quality_min());
  EXPECT_EQ(again.quality_max(), market.quality_max());
  EXPECT_EQ(again.budget_per_vehicle(), market.budget_per_vehicle());
}

TEST(MarketChangesTest, ErrorsScaleProbabilitiesByTheirExponential) {
  const double normals[] = {0.0, 1.0, 1.0};
  // exp(ln 2) = 2: weights .5, .5, .5.
  const ScreeningMarket announced = Misannounced(MakeMarket({}), std::log(2.0), normals);
  for (const double p : announced.probabilities()) EXPECT_NEAR(p, 1.0 / 3.0, 1e-15);
}

TEST(MarketChangesTest, NoSpreadAnnouncesTheTruth) {
  const double normals[] = {1.0, -2.0, 3.0};
  const ScreeningMarket market = MakeMarket({});
  EXPECT_EQ(Misannounced(market, 0.0, normals).probabilities(), market.probabilities());
}

TEST(MarketChangesTest, FirstShiftChangesNothing) {
  const ScreeningMarket market = MakeMarket(0.5);
  const ScreeningMarket same = Shifted(market, Shifts().front());
  EXPECT_EQ(Shifts().front().name, "none");
  EXPECT_EQ(same.cost_types(), market.cost_types());
  EXPECT_EQ(same.value_scale(), market.value_scale());
  EXPECT_EQ(same.budget_per_vehicle(), market.budget_per_vehicle());
}

TEST(MarketChangesTest, ShiftsDoWhatTheirNamesSay) {
  const ScreeningMarket market = MakeMarket({});
  EXPECT_DOUBLE_EQ(ShiftedBy("omega x 2", market).value_scale(), 2.0);
  EXPECT_DOUBLE_EQ(ShiftedBy("a x 3", market).value_rate(), 30.0);
  EXPECT_DOUBLE_EQ(ShiftedBy("kappa 2", market).cost_curvature(), 2.0);
  EXPECT_DOUBLE_EQ(ShiftedBy("q_min .2", market).quality_min(), 0.2);
  EXPECT_DOUBLE_EQ(ShiftedBy("q_max .5", market).quality_max(), 0.5);
  EXPECT_DOUBLE_EQ(ShiftedBy("types crowded x .1", market).cost_types()[0], 0.925);
  EXPECT_DOUBLE_EQ(ShiftedBy("cheapest two .001 apart", market).cost_types()[0], 0.499);
  EXPECT_DOUBLE_EQ(ShiftedBy("theta_1 x .1", market).cost_types()[0], 0.025);
  // .005 of .505.
  EXPECT_DOUBLE_EQ(ShiftedBy("p_1 x .01", market).probabilities()[0], 0.005 / 0.505);
}

TEST(MarketChangesTest, BudgetStillBuysTheLowestQuality) {
  // C(1.15 x .2) = .23 + .25 x .0529 for everybody.
  EXPECT_DOUBLE_EQ(*ShiftedBy("q_min .2", MakeMarket(0.1)).budget_per_vehicle(), 0.23 + 0.25 * 0.0529);
  EXPECT_DOUBLE_EQ(*ShiftedBy("q_min .2", MakeMarket(0.5)).budget_per_vehicle(), 0.5);
}

}  // namespace
}  // namespace giot::bench
