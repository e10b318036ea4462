#include "bench/algorithms/power_allocation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace giot::bench {
namespace {

TEST(PowerAllocationTest, WaterFillsTwoChannels) {
  // Gains 2 and 1: mu - .5 + mu - 1 = 3 gives mu = 2.25, powers 1.75 and 1.25.
  EXPECT_NEAR(WaterFillingRate(std::vector<double>{2.0, 1.0}, 3.0), std::log2(4.5) + std::log2(2.25), 1e-12);
}

TEST(PowerAllocationTest, AWeakChannelStaysDry) {
  // Gains 2 and .5: a power of 1 raises the water to 1.5, below 1 / .5.
  EXPECT_NEAR(WaterFillingRate(std::vector<double>{2.0, 0.5}, 1.0), std::log2(3.0), 1e-12);
  EXPECT_NEAR(WaterFillingRate(std::vector<double>{2.0, 0.0}, 1.0), std::log2(3.0), 1e-12);
}

TEST(PowerAllocationTest, ALevelIsAShareOfThePower) {
  for (const PowerLayout layout : {PowerLayout::kTypes, PowerLayout::kVector}) {
    const auto environment = MakePowerAllocation(layout);
    torch::manual_seed(1);
    const policy::MarketBatch markets = environment->Generate(4, torch::kCPU);
    // Everything to the first channel, whose rate is log2(1 + 3 g).
    torch::Tensor levels = torch::full({4, 10}, -1.0);
    levels.select(1, 0).fill_(0.5);
    const torch::Tensor equal = (markets.globals * 0.3).log1p().sum(1);
    const torch::Tensor expected = (markets.globals.select(1, 0) * 3).log1p() / equal;
    EXPECT_TRUE(torch::allclose(environment->Reward(markets, levels), expected, 1e-4, 1e-4));
    EXPECT_TRUE(torch::allclose(environment->Reward(markets, torch::full({4, 10}, -1.0)), torch::ones({4})));
  }
}

TEST(PowerAllocationTest, RandomSharesNeverBeatTheBound) {
  const auto held_out = MakePowerAllocation(PowerLayout::kTypes)->HeldOut(50, 3);
  torch::manual_seed(2);
  for (std::int64_t i = 0; i < 50; ++i) {
    const torch::Tensor levels = 2 * torch::rand({10}, torch::kFloat64) - 1;
    const policy::Judgement judgement = held_out->Judge(i, {levels.data_ptr<double>(), 10});
    EXPECT_TRUE(judgement.feasible);
    EXPECT_LE(judgement.utility, held_out->Reference(i));
    EXPECT_GT(judgement.utility, 0.5 * held_out->Reference(i));
  }
}

TEST(PowerAllocationTest, BothLayoutsAreTheSameProblem) {
  const auto types = MakePowerAllocation(PowerLayout::kTypes)->HeldOut(5, 3);
  const auto vector = MakePowerAllocation(PowerLayout::kVector)->HeldOut(5, 3);
  const std::vector<double> levels = {0.1, -0.9, 0.4, 1.0, 0.0, -1.0, -0.5, 0.3, 0.2, -0.2};
  EXPECT_TRUE(torch::equal(types->batch().globals, vector->batch().globals));
  for (std::int64_t i = 0; i < 5; ++i) EXPECT_EQ(types->Judge(i, levels).utility, vector->Judge(i, levels).utility);
}

}  // namespace
}  // namespace giot::bench
