#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include "models/freshness/audit.h"
#include "models/freshness/feasible_decode.h"
#include "models/freshness/tensors/decode.h"
#include "models/freshness/tensors/market_generator.h"
#include "models/freshness/tensors/pack_markets.h"
#include "models/policy/tensor_form.h"

namespace giot::freshness {
namespace {

using policy::MarketBatch;
using torch::Tensor;

std::vector<FreshnessMarket> SampleMarkets(int count, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<FreshnessMarket> markets;
  for (int i = 0; i < count; ++i) markets.push_back(SampleMarket({}, random));
  return markets;
}

// Items that types pick.
std::int64_t PickedItems(const Settled& settled, std::int64_t row) {
  return (settled.mass[row] > 0).sum().item<std::int64_t>();
}

TEST(FreshnessTensorsTest, UtilityIsThatOfTheScalarDecodeWhereItsItemsSuffice) {
  const auto markets = SampleMarkets(300, 1);
  const MarketBatch batch = PackMarkets(markets, torch::kCPU);
  torch::manual_seed(1);
  const Tensor levels = 2 * torch::rand({batch.size(), 3 * kMaxTypes}) - 1;
  const Candidates candidates = MakeCandidates(batch, levels);
  const Settled settled = SettleCandidates(batch, candidates, kImprovements);
  const Tensor utility = Utility(batch, candidates, settled);
  const Tensor exact = levels.to(torch::kDouble).contiguous();
  int compared = 0;
  double scalar_gain = 0.0;
  for (std::int64_t i = 0; i < batch.size(); ++i) {
    if (PickedItems(settled, i) > kMaxItems) continue;
    const FreshnessMarket market = markets[static_cast<std::size_t>(i)].Normalized();
    const SettledMenu menu = DecodeLevels(market, {exact.data_ptr<double>() + i * 3 * kMaxTypes, 3 * kMaxTypes});
    // The scalar decode may only do better, by resolving ties in the server's favour.
    EXPECT_GE(menu.utility_per_vehicle, utility[i].item<double>() - 2e-5) << "market " << i;
    scalar_gain += menu.utility_per_vehicle - utility[i].item<double>();
    ++compared;
  }
  EXPECT_GT(compared, 250);
  EXPECT_LT(scalar_gain / compared, 0.02);
}

// Settles the same levels row by row, and by the tensor form that devices and traces take.
struct SettledTwice {
  Settled rows, tensors;

  SettledTwice(const std::vector<FreshnessMarket>& markets, const Tensor& levels, int improvements) {
    const MarketBatch batch = PackMarkets(markets, torch::kCPU);
    const Candidates candidates = MakeCandidates(batch, levels);
    rows = SettleCandidates(batch, candidates, improvements);
    const policy::TensorFormScope scope;
    tensors = SettleCandidates(batch, candidates, improvements);
  }

  // Share of markets of which both say the same.
  double Alike(Tensor Settled::*column) const {
    return ((rows.*column - tensors.*column).abs().amax(1) < 1e-4).to(torch::kDouble).mean().item<double>();
  }
};

TEST(FreshnessTensorsTest, RowsAndTensorsSettleAlike) {
  torch::manual_seed(2);
  const SettledTwice settled(SampleMarkets(200, 2), 2 * torch::rand({200, 3 * kMaxTypes}) - 1, kImprovements);
  // All but the few in which rounding decides a near tie.
  EXPECT_GT(settled.Alike(&Settled::mass), 0.97);
  EXPECT_GT(settled.Alike(&Settled::reward), 0.97);
  EXPECT_GT(settled.Alike(&Settled::utility), 0.97);
  EXPECT_GT(settled.Alike(&Settled::demand_sensing), 0.95);
  EXPECT_GT(settled.Alike(&Settled::demand_update), 0.95);
}

// Levels at their ends make several types propose the same item, and others indifferent.
TEST(FreshnessTensorsTest, RowsAndTensorsResolveTiesOfEqualItemsAlike) {
  torch::manual_seed(6);
  const Tensor levels = (6 * torch::rand({400, 3 * kMaxTypes}) - 3).clamp(-1, 1);
  const SettledTwice settled(SampleMarkets(400, 6), levels, /*improvements=*/0);
  for (const auto column :
       {&Settled::mass, &Settled::reward, &Settled::utility, &Settled::demand_sensing, &Settled::demand_update}) {
    EXPECT_GE(settled.Alike(column), 0.995);
  }
}

TEST(FreshnessTensorsTest, PayAlongThePathsIsThePayOfTheRewards) {
  const MarketBatch batch = PackMarkets(SampleMarkets(200, 3), torch::kCPU);
  torch::manual_seed(3);
  const Candidates candidates = MakeCandidates(batch, 2 * torch::rand({batch.size(), 3 * kMaxTypes}) - 1);
  const Settled settled = SettleCandidates(batch, candidates, kImprovements);
  const Tensor pay =
      (settled.demand_sensing * candidates.quality + settled.demand_update * candidates.update_rate).sum(1);
  EXPECT_TRUE(torch::allclose(pay, (settled.mass * settled.reward).sum(1), 1e-4, 1e-5));
}

TEST(FreshnessTensorsTest, UtilityGradientMatchesFiniteDifferencesWhereNobodySwitches) {
  const auto markets = SampleMarkets(40, 4);
  const MarketBatch single = PackMarkets(markets, torch::kCPU);
  const MarketBatch batch{single.cost_types.to(torch::kDouble), single.probabilities.to(torch::kDouble),
                          single.mask.to(torch::kDouble), single.globals.to(torch::kDouble)};
  torch::manual_seed(4);
  Tensor levels = (1.8 * torch::rand({batch.size(), 3 * kMaxTypes}, torch::kDouble) - 0.9).requires_grad_();
  const auto utility = [&](const Tensor& x) {
    const Candidates candidates = MakeCandidates(batch, x);
    return Utility(batch, candidates, SettleCandidates(batch, candidates, kImprovements));
  };
  utility(levels).sum().backward();
  const torch::NoGradGuard no_grad;
  int agree = 0;
  int compared = 0;
  for (const int level : {0, 6, 12, kMaxTypes, kMaxTypes + 6}) {
    Tensor moved = torch::zeros_like(levels);
    moved.select(1, level).fill_(1e-7);
    const Tensor numeric = (utility(levels + moved) - utility(levels - moved)) / 2e-7;
    const Tensor exact = levels.grad().select(1, level);
    agree += ((numeric - exact).abs() < 1e-4 + 1e-3 * exact.abs()).sum().item<int>();
    compared += static_cast<int>(batch.size());
  }
  EXPECT_GT(agree, compared * 98 / 100);
}

TEST(FreshnessTensorsTest, GeneratedMarketsAreDistributedLikeSampledOnes) {
  constexpr int kCount = 4000;
  torch::manual_seed(5);
  const MarketBatch ours = GenerateMarkets({}, kCount, torch::kCPU);
  const MarketBatch theirs = PackMarkets(SampleMarkets(kCount, 5), torch::kCPU);
  const auto alike = [](const Tensor& a, const Tensor& b) {
    const double error = 5 * std::sqrt((a.var(0).max() + b.var(0).max()).item<double>() / kCount);
    return (a.mean(0) - b.mean(0)).abs().max().item<double>() <= error;
  };
  EXPECT_TRUE(alike(ours.globals, theirs.globals));
  EXPECT_TRUE(alike(ours.cost_types, theirs.cost_types));
  EXPECT_TRUE(alike(ours.probabilities, theirs.probabilities));
}

TEST(FreshnessTensorsTest, SmoothedUtilityTendsToThatOfTheOfferedRewards) {
  const MarketBatch batch = PackMarkets(SampleMarkets(50, 6), torch::kCPU);
  torch::manual_seed(6);
  const Candidates candidates = MakeCandidates(batch, 2 * torch::rand({batch.size(), 3 * kMaxTypes}) - 1);
  const Settled settled = SettleCandidates(batch, candidates, 0);
  const Tensor offered =
      candidates.rent + batch.cost_types * candidates.quality + UpdateCosts(batch) * candidates.update_rate;
  const Tensor wanted = (settled.mass * (ValueOf(batch, candidates.quality, candidates.update_rate) - offered)).sum(1);
  const Tensor got = SmoothedUtility(batch, candidates, 1e-5);
  EXPECT_GT(((got - wanted).abs() < 1e-3).to(torch::kFloat).mean().item<float>(), 0.9F);
}

}  // namespace
}  // namespace giot::freshness
