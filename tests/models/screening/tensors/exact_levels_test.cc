#include "models/screening/tensors/exact_levels.h"

#include <gtest/gtest.h>

#include "models/contract/market_sampler.h"
#include "models/policy/virtual_costs.h"
#include "models/screening/tensors/decode.h"
#include "models/screening/tensors/environment.h"
#include "models/screening/tensors/market_generator.h"
#include "models/screening/tensors/raw_environment.h"

namespace giot::screening {
namespace {

TEST(ExactLevelsTest, TheyDecodeToTheOptimumOfHeldOutMarkets) {
  const auto held_out = MakeEnvironment()->HeldOut(200, 5);
  const policy::MarketBatch& markets = held_out->batch();
  const torch::Tensor levels = ExactLevels(markets).to(torch::kFloat64).contiguous();
  ASSERT_EQ(levels.sizes(), markets.mask.sizes());
  for (std::int64_t i = 0; i < markets.size(); ++i) {
    const policy::Judgement judgement = held_out->Judge(
        i, {levels.data_ptr<double>() + i * markets.types(), static_cast<std::size_t>(markets.types())});
    EXPECT_TRUE(judgement.feasible);
    EXPECT_NEAR(judgement.utility / held_out->Reference(i), 1.0, 1e-4);
  }
}

// Nearby levels are worth no more, wherever the market was drawn.
TEST(ExactLevelsTest, NoNearbyLevelsAreBetterInGeneratedMarkets) {
  torch::manual_seed(8);
  const policy::MarketBatch markets = GenerateMarkets({}, 500, torch::kCPU);
  const torch::Tensor levels = ExactLevels(markets);
  EXPECT_LE(levels.abs().max().item<float>(), 1.0F);
  EXPECT_EQ((levels * (1 - markets.mask)).abs().max().item<float>(), 0.0F);
  const auto environment = MakeEnvironment();
  const torch::Tensor best = environment->Reward(markets, levels);
  for (int draw = 0; draw < 20; ++draw) {
    const torch::Tensor nearby = (levels + 0.1 * torch::randn_like(levels)).clamp(-1, 1);
    EXPECT_LT((environment->Reward(markets, nearby) - best).max().item<float>(), 1e-5F);
  }
}

// Vehicles choose the raw items for themselves, so only rounding may keep them from the
// optimum; levels are single precision, and ties may fall either way.
TEST(ExactLevelsTest, RawOnesAreTheOptimalMenuItself) {
  const auto held_out = MakeRawEnvironment()->HeldOut(200, 5);
  const policy::MarketBatch& markets = held_out->batch();
  const torch::Tensor reward = MakeRawEnvironment()->Reward(markets, ExactRawLevels(markets));
  const torch::Tensor decoded = MakeEnvironment()->Reward(markets, ExactLevels(markets));
  EXPECT_LT((reward - decoded).abs().max().item<float>(), 1e-4F);
  EXPECT_EQ((ExactRawLevels(markets) * (1 - markets.mask.repeat({1, 2}))).abs().max().item<float>(), 0.0F);
}

TEST(ExactLevelsDeathTest, AMarketThatIsNotValidAborts) {
  policy::MarketBatch markets = GenerateMarkets({}, 1, torch::kCPU);
  markets.globals.zero_();
  EXPECT_DEATH(ExactLevels(markets), "not valid");
}

}  // namespace
}  // namespace giot::screening
