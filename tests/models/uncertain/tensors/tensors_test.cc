#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "models/uncertain/audit.h"
#include "models/uncertain/feasible_decode.h"
#include "models/uncertain/scenarios.h"
#include "models/uncertain/tensors/decode.h"
#include "models/uncertain/tensors/features.h"
#include "models/uncertain/tensors/market_generator.h"
#include "models/uncertain/tensors/pack_markets.h"
#include "models/uncertain/utility.h"

namespace giot::uncertain {
namespace {

using policy::MarketBatch;
using torch::Tensor;

std::vector<UncertainMarket> SampleMarkets(int count, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<UncertainMarket> markets;
  for (int i = 0; i < count; ++i) markets.push_back(SampleMarket({}, random));
  return markets;
}

// The levels of one market without padding, as the scalar decode takes them.
std::vector<double> RealLevels(const Tensor& levels, std::int64_t row, int types) {
  std::vector<double> real;
  for (int channel = 0; channel < kLevelChannels; ++channel) {
    for (int k = 0; k < types; ++k) real.push_back(levels[row][channel * kMaxTypes + k].item<double>());
  }
  return real;
}

// w_{s,k} as the scalar code draws them, [1, kScenarios, kMaxTypes].
Tensor ScalarScenarios(const Scenarios& scenarios) {
  Tensor weights = torch::zeros({1, kScenarios, kMaxTypes});
  for (int k = 0; k < scenarios.types(); ++k) {
    for (int s = 0; s < kScenarios; ++s) {
      weights[0][s][k] = scenarios.Weights(k)[static_cast<std::size_t>(s)];
    }
  }
  return weights;
}

TEST(UncertainTensorsTest, DecodeGivesTheMenusOfTheScalarDecode) {
  const auto markets = SampleMarkets(200, 1);
  const MarketBatch batch = PackMarkets(markets, torch::kCPU);
  torch::manual_seed(1);
  const Tensor levels = 2 * torch::rand({batch.size(), 2 * kMaxTypes}) - 1;
  const DecodedMenus menus = Decode(batch, levels);
  const Tensor rewards = Rewards(batch, menus);
  for (std::size_t i = 0; i < markets.size(); ++i) {
    const auto row = static_cast<std::int64_t>(i);
    const UncertainMarket market = markets[i].Normalized();
    const contract::Menu menu = DecodeLevels(market, RealLevels(levels, row, market.types()));
    for (int k = 0; k < market.types(); ++k) {
      ASSERT_NEAR(menus.quality[row][k].item<float>(), menu[k].quality, 2e-5) << "market " << i << " type " << k;
      ASSERT_NEAR(rewards[row][k].item<float>(), menu[k].reward, 5e-5) << "market " << i << " type " << k;
    }
  }
}

TEST(UncertainTensorsTest, UtilityIsThatOfTheScalarCodeOnTheSameScenarios) {
  const auto markets = SampleMarkets(20, 2);
  torch::manual_seed(2);
  for (const UncertainMarket& sampled : markets) {
    const UncertainMarket market = sampled.Normalized();
    const Scenarios scenarios(market);
    const MarketBatch batch = PackMarkets({&market, 1}, torch::kCPU);
    const Tensor levels = 2 * torch::rand({1, 2 * kMaxTypes}) - 1;
    const double batched = Utility(batch, ScalarScenarios(scenarios), Decode(batch, levels)).item<double>();
    const contract::Menu menu = DecodeLevels(market, RealLevels(levels, 0, market.types()));
    EXPECT_NEAR(batched, Utility(market, scenarios, menu), 5e-5);
  }
}

TEST(UncertainTensorsTest, DrawnScenariosHaveTheMomentsOfTheScalarOnes) {
  const auto markets = SampleMarkets(1, 3);
  const UncertainMarket& market = markets[0];
  const MarketBatch batch = PackMarkets(markets, torch::kCPU);
  torch::manual_seed(3);
  const Tensor drawn = DrawScenarios(batch, 40'000, market.vehicles());
  for (int k = 0; k < market.types(); ++k) {
    const double p = market.probabilities()[static_cast<std::size_t>(k)];
    const auto vehicles = static_cast<double>(market.vehicles());
    const Tensor weights = drawn[0].select(1, k).to(torch::kDouble);
    // E[n^2] = M p (1 - p) + M^2 p^2, E[g] = 1, E[g^2] = exp(.09).
    const double square = std::exp(0.09) * (p * (1 - p) / vehicles + p * p);
    EXPECT_NEAR(weights.mean().item<double>(), p, 5 * std::sqrt((square - p * p) / 40'000));
    EXPECT_NEAR(weights.square().mean().item<double>(), square, 0.06 * square);
  }
}

TEST(UncertainTensorsTest, UtilityGradientMatchesFiniteDifferences) {
  const auto markets = SampleMarkets(8, 4);
  MarketBatch batch = PackMarkets(markets, torch::kCPU);
  batch = {batch.cost_types.to(torch::kDouble), batch.probabilities.to(torch::kDouble), batch.mask.to(torch::kDouble),
           batch.globals.to(torch::kDouble)};
  torch::manual_seed(4);
  const Tensor scenarios = DrawScenarios(batch, 32, 40);
  // Strictly decreasing qualities, shares inside: no pool and no bound is at its kink.
  const Tensor qualities = torch::linspace(0.6, -0.6, kMaxTypes, torch::kDouble);
  const Tensor rents = torch::full({kMaxTypes}, -0.3, torch::kDouble);
  Tensor levels = torch::cat({qualities, rents}).repeat({batch.size(), 1}).requires_grad_();
  const auto utility = [&](const Tensor& x) { return Utility(batch, scenarios, Decode(batch, x)).sum(); };
  utility(levels).backward();
  const torch::NoGradGuard no_grad;
  for (const int k : {0, 1, kMaxTypes, kMaxTypes + 1}) {
    Tensor moved = torch::zeros_like(levels);
    moved.select(1, k).fill_(1e-6);
    const double numeric = (utility(levels + moved) - utility(levels - moved)).item<double>() / 2e-6;
    EXPECT_NEAR(levels.grad().select(1, k).sum().item<double>(), numeric, 1e-5 + 1e-4 * std::abs(numeric));
  }
}

TEST(UncertainTensorsTest, GeneratedMarketsAreDistributedLikeSampledOnes) {
  constexpr int kCount = 4000;
  torch::manual_seed(5);
  const MarketBatch ours = GenerateMarkets({}, kCount, torch::kCPU);
  const MarketBatch theirs = PackMarkets(SampleMarkets(kCount, 5), torch::kCPU);
  for (int column = 0; column < kGlobalColumns; ++column) {
    const Tensor a = ours.global(column).to(torch::kDouble);
    const Tensor b = theirs.global(column).to(torch::kDouble);
    const double error = 5 * std::sqrt((a.var() + b.var()).item<double>() / kCount);
    EXPECT_NEAR(a.mean().item<double>(), b.mean().item<double>(), error) << "column " << column;
  }
  EXPECT_NEAR(ours.mask.sum(1).mean().item<double>(), theirs.mask.sum(1).mean().item<double>(), 0.4);
}

// One type of vehicle that is nearly all there is: with the quality and rent at which
// marginal value meets marginal cost, the margin vanishes.
TEST(UncertainTensorsTest, YieldIsTheLogOfValueOverPay) {
  const auto markets = SampleMarkets(50, 6);
  const MarketBatch batch = PackMarkets(markets, torch::kCPU);
  const Tensor levels = torch::zeros({batch.size(), 2 * kMaxTypes});
  const Tensor seen = ProposalFeatures(batch, levels, levels);
  const DecodedMenus menus = Decode(batch, levels);
  const Tensor pay = (batch.probabilities * Participation(batch, menus.rent) * Rewards(batch, menus)).sum(1);
  torch::manual_seed(6);
  const Tensor scenarios = DrawScenarios(batch, 4000, 40);
  const Tensor value = Utility(batch, scenarios, menus) + pay;
  const Tensor idle =
      batch.global(kThresholdValue) * (-batch.global(kThreshold) / batch.global(kThresholdWidth)).sigmoid();
  const Tensor wanted = ((value - idle.squeeze(1)).clamp_min(1e-9) / pay).log().clamp(-4, 4);
  EXPECT_LT((seen.select(2, kProposalFeatures - 1).select(1, 0) - wanted).abs().median().item<double>(), 0.02);
}

}  // namespace
}  // namespace giot::uncertain
