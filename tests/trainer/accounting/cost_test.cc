#include <gtest/gtest.h>

#include "trainer/accounting/cost_meter.h"
#include "trainer/accounting/gpu_energy.h"
#include "trainer/accounting/run_cost.h"

namespace giot::trainer {
namespace {

TEST(RunCost, EnergyIsCoreTimeTimesItsPowerAndWhatTheGpuCounted) {
  // An hour of one core at 20 W is 0.02 kWh; 36 kJ are 0.01 kWh.
  const RunCost cost{100.0, 3600.0, 36000.0};
  EXPECT_NEAR(EnergyKwh(cost, {20.0, 500.0}), 0.03, 1e-12);
  EXPECT_NEAR(Co2Grams(cost, {20.0, 500.0}), 15.0, 1e-9);
}

TEST(CostMeter, CountsFromItsConstructionOnTopOfWhatWasUsedBefore) {
  double now = 1000.0;
  const CostClocks clocks{[&] { return now; }, [&] { return 2 * now; }, [&] { return 3 * now; }};
  const CostMeter meter({1.0, 2.0, 3.0}, clocks);
  now += 10.0;
  EXPECT_EQ(meter.Read().wall_seconds, 11.0);
  EXPECT_EQ(meter.Read().cpu_seconds, 22.0);
  EXPECT_EQ(meter.Read().gpu_joules, 33.0);
}

TEST(GpuEnergy, IsEmptyWithoutTheLibrary) { EXPECT_FALSE(OpenGpuEnergy("no-such-library.so", 0)); }

}  // namespace
}  // namespace giot::trainer
