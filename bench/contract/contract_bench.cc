// Time of the contract folder's hot path, per market of the training distribution.

#include <benchmark/benchmark.h>

#include <array>
#include <random>
#include <vector>

#include "models/contract/audit.h"
#include "models/contract/exact.h"
#include "models/contract/feasible_decode.h"
#include "models/contract/market_sampler.h"
#include "models/contract/post.h"

namespace giot::contract {
namespace {

constexpr std::size_t kMarkets = 4096;  // A power of two: the index wraps by a mask.

std::vector<ScreeningMarket> Markets(int types) {
  std::mt19937_64 random(1);
  MarketDistribution distribution;
  distribution.types_min = distribution.types_max = types;
  std::vector<ScreeningMarket> markets;
  for (std::size_t i = 0; i < kMarkets; ++i) markets.push_back(SampleMarket(distribution, random));
  return markets;
}

std::vector<Menu> Optima(const std::vector<ScreeningMarket>& markets) {
  std::vector<Menu> menus;
  for (const ScreeningMarket& market : markets) menus.push_back(SolveExact(market).menu);
  return menus;
}

void BM_SolveExact(benchmark::State& state) {
  const auto markets = Markets(static_cast<int>(state.range(0)));
  std::size_t i = 0;
  for (auto _ : state) benchmark::DoNotOptimize(SolveExact(markets[i++ & (kMarkets - 1)]));
}
BENCHMARK(BM_SolveExact)->Arg(2)->Arg(10)->Arg(16);

void BM_DecodeLevels(benchmark::State& state) {
  const auto types = static_cast<std::size_t>(state.range(0));
  const auto markets = Markets(static_cast<int>(types));
  std::mt19937_64 random(2);
  std::uniform_real_distribution<double> uniform(-1.0, 1.0);
  std::array<double, kMaxTypes> levels{};
  for (double& level : levels) level = uniform(random);
  std::size_t i = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(DecodeLevels(markets[i++ & (kMarkets - 1)], {levels.data(), types}));
  }
}
BENCHMARK(BM_DecodeLevels)->Arg(10);

void BM_Post(benchmark::State& state) {
  const auto markets = Markets(static_cast<int>(state.range(0)));
  const auto menus = Optima(markets);
  std::size_t i = 0;
  for (auto _ : state) {
    const std::size_t market = i++ & (kMarkets - 1);
    benchmark::DoNotOptimize(Post(markets[market], menus[market]));
  }
}
BENCHMARK(BM_Post)->Arg(10);

void BM_AuditPosted(benchmark::State& state) {
  const auto markets = Markets(static_cast<int>(state.range(0)));
  std::vector<PostedMenu> posted;
  for (std::size_t i = 0; i < kMarkets; ++i) posted.push_back(*Post(markets[i], SolveExact(markets[i]).menu));
  std::size_t i = 0;
  for (auto _ : state) {
    const std::size_t market = i++ & (kMarkets - 1);
    benchmark::DoNotOptimize(Audit(markets[market], posted[market]));
  }
}
BENCHMARK(BM_AuditPosted)->Arg(10);

}  // namespace
}  // namespace giot::contract
