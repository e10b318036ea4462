#include "models/screening/tensors/raw_environment.h"

#include <gtest/gtest.h>

#include <cmath>
#include <optional>
#include <vector>

#include "models/contract/screening_market.h"
#include "models/screening/tensors/environment.h"
#include "models/screening/tensors/pack_markets.h"

namespace giot::screening {
namespace {

// Two types with costs .5 and 1 and equal shares; C(q) = q, value 2 ln(1 + 10 q), quality in
// [.1, 1], rewards in [0, 1].
policy::MarketBatch TwoTypes(std::optional<double> budget) {
  const std::vector<double> costs = {0.5, 1.0};
  const std::vector<double> shares = {0.5, 0.5};
  contract::ScreeningMarketSpec spec;
  spec.cost_types = costs;
  spec.probabilities = shares;
  spec.value_scale = 2.0;
  spec.value_rate = 10.0;
  spec.quality_min = 0.1;
  spec.budget = budget;
  return PackMarkets({*contract::ScreeningMarket::Create(spec)}, torch::kCPU, /*padded_types=*/3);
}

// The best single item: marginal value 20 / (1 + 10 q) = marginal cost 1 at q = 1.9, so q = 1.
const double kPooling = 2 * std::log(11.0) - 1;

// Levels of qualities and rewards of the two types; the padding's would be good for both.
torch::Tensor LevelsOf(double q1, double q2, double r1, double r2) {
  const auto quality = [](double q) { return static_cast<float>(2 * (q - 0.1) / 0.9 - 1); };
  const auto reward = [](double r) { return static_cast<float>(2 * r - 1); };
  return torch::tensor({quality(q1), quality(q2), quality(0.1), reward(r1), reward(r2), reward(1.0)}).view({1, 6});
}

double RewardOf(const policy::MarketBatch& markets, const torch::Tensor& levels, double penalty) {
  return MakeRawEnvironment({}, penalty)->Reward(markets, levels).item<double>();
}

TEST(RawEnvironmentTest, AFeasibleMenuEarnsItsUtilityWhateverThePenalty) {
  // U_11 = .7 - .4 = .3 and U_12 = .4 - .2 = .2; U_22 = .4 - .4 = 0 and U_21 = .7 - .8 = -.1.
  const torch::Tensor levels = LevelsOf(0.8, 0.4, 0.7, 0.4);
  const double utility = std::log(9.0) + std::log(5.0) - 0.55;
  EXPECT_NEAR(RewardOf(TwoTypes({}), levels, 0.0), utility / kPooling, 1e-5);
  EXPECT_NEAR(RewardOf(TwoTypes({}), levels, 10.0), utility / kPooling, 1e-5);
}

TEST(RawEnvironmentTest, AVehicleThatLosesCostsThePenalty) {
  // U_22 = .3 - .4 = -.1 with share .5; IC holds: U_21 = .55 - .8 = -.25, U_11 = .15, U_12 = .1.
  const double utility = std::log(9.0) + std::log(5.0) - 0.425;
  EXPECT_NEAR(RewardOf(TwoTypes({}), LevelsOf(0.8, 0.4, 0.55, 0.3), 10.0), (utility - 10 * 0.05) / kPooling, 1e-5);
}

TEST(RawEnvironmentTest, AVehicleThatEnviesCostsThePenalty) {
  // U_11 = .5 - .4 = .1 but U_12 = .6 - .2 = .4; U_22 = .6 - .4 = .2, U_21 < 0.
  const double utility = std::log(9.0) + std::log(5.0) - 0.55;
  EXPECT_NEAR(RewardOf(TwoTypes({}), LevelsOf(0.8, 0.4, 0.5, 0.6), 10.0), (utility - 10 * 0.15) / kPooling, 1e-5);
}

TEST(RawEnvironmentTest, MoneyBeyondTheBudgetCostsThePenalty) {
  // Pay .55 against .5. The best single item is then q = .5 for .5.
  const double utility = std::log(9.0) + std::log(5.0) - 0.55;
  const double pooling = 2 * std::log(6.0) - 0.5;
  EXPECT_NEAR(RewardOf(TwoTypes(0.5), LevelsOf(0.8, 0.4, 0.7, 0.4), 10.0), (utility - 10 * 0.05) / pooling, 1e-5);
}

TEST(RawEnvironmentTest, PaddingIsWorthNothing) {
  torch::Tensor levels = LevelsOf(0.8, 0.4, 0.7, 0.4);
  const double before = RewardOf(TwoTypes({}), levels, 10.0);
  levels[0][2] = -0.3;
  levels[0][5] = 0.9;
  EXPECT_EQ(RewardOf(TwoTypes({}), levels, 10.0), before);
}

TEST(RawEnvironmentTest, HeldOutVehiclesChooseForThemselves) {
  contract::MarketDistribution distribution;
  distribution.budget_share = 0.0;
  const auto held_out = MakeRawEnvironment(distribution)->HeldOut(20, 3);
  const auto padded = static_cast<std::size_t>(held_out->batch().types());
  // Nothing is paid for: nobody comes, which is no answer to the market.
  std::vector<double> nothing(2 * padded, -1.0);
  // One item of the highest quality at the highest reward: everybody takes it, and it is feasible.
  std::vector<double> pooled(2 * padded, 1.0);
  for (std::int64_t i = 0; i < 20; ++i) {
    EXPECT_EQ(held_out->Judge(i, nothing).utility, 0.0);
    EXPECT_FALSE(held_out->Judge(i, nothing).feasible);
    EXPECT_TRUE(held_out->Judge(i, pooled).feasible);
    EXPECT_LT(held_out->Judge(i, pooled).utility, held_out->Reference(i));
    // The first type's reward goes: it takes another item, which is the same but for its price.
    std::vector<double> envied = pooled;
    envied[padded] = -1.0;
    EXPECT_NEAR(held_out->Judge(i, envied).utility, held_out->Judge(i, pooled).utility, 1e-12);
    EXPECT_FALSE(held_out->Judge(i, envied).feasible);
  }
}

TEST(RawEnvironmentTest, MarketsAndReferencesAreThoseOfTheDecodedProblem) {
  const auto raw = MakeRawEnvironment()->HeldOut(30, 4);
  const auto decoded = MakeEnvironment()->HeldOut(30, 4);
  EXPECT_TRUE(torch::equal(raw->batch().cost_types, decoded->batch().cost_types));
  for (std::int64_t i = 0; i < 30; ++i) EXPECT_EQ(raw->Reference(i), decoded->Reference(i));
}

}  // namespace
}  // namespace giot::screening
