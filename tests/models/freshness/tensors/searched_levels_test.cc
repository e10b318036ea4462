#include "models/freshness/tensors/searched_levels.h"

#include <random>
#include <vector>

#include "gtest/gtest.h"
#include "models/freshness/feasible_decode.h"
#include "models/freshness/market_sampler.h"
#include "models/freshness/tensors/pack_markets.h"
#include "models/freshness/upper_bound.h"

namespace giot::freshness {
namespace {

std::vector<FreshnessMarket> Markets(int count) {
  std::mt19937_64 random(11);
  std::vector<FreshnessMarket> markets;
  for (int i = 0; i < count; ++i) markets.push_back(SampleMarket({}, random));
  return markets;
}

// Of row `row`, as DecodeLevels wants them; every market has all types.
std::vector<double> Row(const torch::Tensor& levels, std::int64_t row) {
  const torch::Tensor one = levels[row].to(torch::kDouble).contiguous();
  return {one.data_ptr<double>(), one.data_ptr<double>() + one.numel()};
}

TEST(SearchedLevelsTest, DecodeToGoodMenus) {
  const std::vector<FreshnessMarket> markets = Markets(4);
  const torch::Tensor levels = SearchedLevels(PackMarkets(markets, torch::kCPU));
  for (std::size_t i = 0; i < markets.size(); ++i) {
    const double found = DecodeLevels(markets[i], Row(levels, static_cast<std::int64_t>(i))).utility_per_vehicle;
    // The best known is some 80 % of the bound; middling levels reach half of it.
    EXPECT_GT(found, 0.6 * FirstBestUtility(markets[i])) << i;
    const std::vector<double> middling(kLevelChannels * kMaxTypes, 0.0);
    EXPECT_GT(found, 1.05 * DecodeLevels(markets[i], middling).utility_per_vehicle) << i;
  }
}

TEST(SearchedLevelsTest, AMarketHasTheSameLevelsInWhateverBatch) {
  const std::vector<FreshnessMarket> markets = Markets(2);
  const torch::Tensor both = SearchedLevels(PackMarkets(markets, torch::kCPU));
  const torch::Tensor second = SearchedLevels(PackMarkets({&markets[1], 1}, torch::kCPU));
  EXPECT_TRUE(torch::equal(both[1], second[0]));
}

}  // namespace
}  // namespace giot::freshness
