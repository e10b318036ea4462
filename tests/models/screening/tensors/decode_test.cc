#include "models/screening/tensors/decode.h"

#include <vector>

#include "gtest/gtest.h"
#include "models/contract/audit.h"
#include "models/contract/baselines.h"
#include "models/contract/feasible_decode.h"
#include "models/policy/virtual_costs.h"
#include "models/screening/tensors/pack_markets.h"
#include "tests/models/screening/tensors/sampled_markets.h"

namespace giot::screening {
namespace {

using policy::MarketBatch;

std::vector<double> Levels(const torch::Tensor& levels, std::int64_t row, int types) {
  std::vector<double> values;
  for (int k = 0; k < types; ++k) values.push_back(double{levels[row][k].item<float>()});
  return values;
}

TEST(DecodeTest, GivesTheMenusOfTheScalarDecode) {
  const auto markets = SampleMarkets(400, 11);
  const MarketBatch batch = PackMarkets(markets, torch::kCPU);
  torch::manual_seed(1);
  const auto levels = 2 * torch::rand({batch.size(), batch.types()}) - 1;
  const auto virtual_costs = policy::VirtualCosts(batch);
  const DecodedMenus menus = Decode(batch, virtual_costs, levels);
  const auto utility = Utility(batch, virtual_costs, menus.quality);
  for (std::size_t i = 0; i < markets.size(); ++i) {
    const auto row = static_cast<std::int64_t>(i);
    const contract::ScreeningMarket market = markets[i].Normalized();
    const contract::Menu menu = contract::DecodeLevels(market, Levels(levels, row, market.types()));
    for (int k = 0; k < market.types(); ++k) {
      ASSERT_NEAR(menus.quality[row][k].item<float>(), menu[k].quality, 2e-5) << "market " << i << " type " << k;
    }
    ASSERT_NEAR(utility[row].item<float>(), contract::Audit(market, menu).utility_per_vehicle, 2e-5) << "market " << i;
  }
}

TEST(DecodeTest, PoolingUtilityIsThatOfTheBestPoolingMenu) {
  const auto markets = SampleMarkets(300, 12);
  const auto pooling = PoolingUtility(PackMarkets(markets, torch::kCPU));
  for (std::size_t i = 0; i < markets.size(); ++i) {
    const contract::ScreeningMarket market = markets[i].Normalized();
    const double wanted = contract::Audit(market, contract::PoolingMenu(market)).utility_per_vehicle;
    ASSERT_NEAR(pooling[static_cast<std::int64_t>(i)].item<float>(), wanted, 2e-5) << "market " << i;
  }
}

TEST(DecodeTest, UtilityGradientMatchesFiniteDifferences) {
  const auto markets = SampleMarkets(20, 13);
  MarketBatch batch = PackMarkets(markets, torch::kCPU);
  batch = {batch.cost_types.to(torch::kDouble), batch.probabilities.to(torch::kDouble), batch.mask.to(torch::kDouble),
           batch.globals.to(torch::kDouble)};
  const auto virtual_costs = policy::VirtualCosts(batch);
  // Strictly decreasing inside (-1, 1): no pool and no bound is at its kink.
  auto levels = (torch::linspace(0.8, -0.8, batch.types(), torch::kDouble).repeat({batch.size(), 1})).requires_grad_();
  const auto utility = [&](const torch::Tensor& x) {
    return Utility(batch, virtual_costs, Decode(batch, virtual_costs, x).quality).sum();
  };
  utility(levels).backward();
  const double step = 1e-6;
  for (int k : {0, 1}) {
    torch::NoGradGuard no_grad;
    auto moved = torch::zeros_like(levels);
    moved.select(1, k).fill_(step);
    const double numeric = (utility(levels + moved) - utility(levels - moved)).item<double>() / (2 * step);
    EXPECT_NEAR(levels.grad().select(1, k).sum().item<double>(), numeric, 1e-5);
  }
}

}  // namespace
}  // namespace giot::screening
