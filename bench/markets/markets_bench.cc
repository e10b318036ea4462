// Time of what the families without a closed form do for one request, per market of
// their training distributions and random levels.

#include <benchmark/benchmark.h>

#include <random>
#include <vector>

#include "models/freshness/audit.h"
#include "models/freshness/feasible_decode.h"
#include "models/freshness/market_sampler.h"
#include "models/freshness/menu_objective.h"
#include "models/freshness/post.h"
#include "models/freshness/upper_bound.h"
#include "models/uncertain/audit.h"
#include "models/uncertain/feasible_decode.h"
#include "models/uncertain/market_sampler.h"
#include "models/uncertain/menu_objective.h"
#include "models/uncertain/post.h"
#include "models/uncertain/scenarios.h"
#include "models/uncertain/upper_bound.h"

namespace giot {
namespace {

constexpr std::size_t kMarkets = 64;  // A power of two: the index wraps by a mask.
constexpr int kUncertainTypes = 10;

std::vector<double> RandomLevels(int count, std::mt19937_64& random) {
  std::uniform_real_distribution<double> uniform(-1.0, 1.0);
  std::vector<double> levels(static_cast<std::size_t>(count));
  for (double& level : levels) level = uniform(random);
  return levels;
}

struct UncertainCase {
  uncertain::UncertainMarket market;
  uncertain::Scenarios scenarios;
  std::vector<double> levels;
};

const std::vector<UncertainCase>& UncertainCases() {
  static const auto* const cases = [] {
    std::mt19937_64 random(1);
    uncertain::UncertainDistribution distribution;
    distribution.types_min = distribution.types_max = kUncertainTypes;
    auto* made = new std::vector<UncertainCase>();
    for (std::size_t i = 0; i < kMarkets; ++i) {
      const uncertain::UncertainMarket market = uncertain::SampleMarket(distribution, random);
      made->push_back({market, uncertain::Scenarios(market), RandomLevels(2 * kUncertainTypes, random)});
    }
    return made;
  }();
  return *cases;
}

struct FreshnessCase {
  freshness::FreshnessMarket market;
  std::vector<double> levels;
};

const std::vector<FreshnessCase>& FreshnessCases() {
  static const auto* const cases = [] {
    std::mt19937_64 random(2);
    auto* made = new std::vector<FreshnessCase>();
    for (std::size_t i = 0; i < kMarkets; ++i) {
      const freshness::FreshnessMarket market = freshness::SampleMarket({}, random);
      made->push_back({market, RandomLevels(3 * market.types(), random)});
    }
    return made;
  }();
  return *cases;
}

template <typename Case, typename Operation>
void ForEach(benchmark::State& state, const std::vector<Case>& cases, Operation operation) {
  std::size_t i = 0;
  for (auto _ : state) operation(cases[i++ & (kMarkets - 1)]);
}

void BM_UncertainScenarios(benchmark::State& state) {
  ForEach(state, UncertainCases(),
          [](const UncertainCase& c) { benchmark::DoNotOptimize(uncertain::Scenarios(c.market)); });
}
BENCHMARK(BM_UncertainScenarios);

void BM_UncertainDecodeAndUtility(benchmark::State& state) {
  ForEach(state, UncertainCases(), [](const UncertainCase& c) {
    benchmark::DoNotOptimize(uncertain::MenuObjective(c.market, c.scenarios).Value(c.levels));
  });
}
BENCHMARK(BM_UncertainDecodeAndUtility);

void BM_UncertainDecodeUtilityAndGradient(benchmark::State& state) {
  std::vector<double> gradient(2 * kUncertainTypes);
  ForEach(state, UncertainCases(), [&](const UncertainCase& c) {
    uncertain::MenuObjective objective(c.market, c.scenarios);
    benchmark::DoNotOptimize(objective.ValueAndGradient(c.levels, absl::MakeSpan(gradient)));
  });
}
BENCHMARK(BM_UncertainDecodeUtilityAndGradient);

void BM_UncertainPostAndAudit(benchmark::State& state) {
  ForEach(state, UncertainCases(), [](const UncertainCase& c) {
    const auto posted = uncertain::Post(c.market, uncertain::DecodeLevels(c.market, c.levels));
    benchmark::DoNotOptimize(uncertain::Audit(c.market, c.scenarios, *posted));
  });
}
BENCHMARK(BM_UncertainPostAndAudit);

void BM_UncertainUpperBound(benchmark::State& state) {
  ForEach(state, UncertainCases(), [](const UncertainCase& c) {
    benchmark::DoNotOptimize(uncertain::UtilityUpperBound(c.market, c.scenarios));
  });
}
BENCHMARK(BM_UncertainUpperBound);

void BM_FreshnessDecode(benchmark::State& state) {
  ForEach(state, FreshnessCases(),
          [](const FreshnessCase& c) { benchmark::DoNotOptimize(freshness::DecodeLevels(c.market, c.levels)); });
}
BENCHMARK(BM_FreshnessDecode);

void BM_FreshnessDecodeUtilityAndGradient(benchmark::State& state) {
  std::vector<double> gradient(3 * freshness::kMaxTypes);
  ForEach(state, FreshnessCases(), [&](const FreshnessCase& c) {
    freshness::MenuObjective objective(c.market);
    benchmark::DoNotOptimize(objective.ValueAndGradient(c.levels, absl::MakeSpan(gradient)));
  });
}
BENCHMARK(BM_FreshnessDecodeUtilityAndGradient);

void BM_FreshnessPostAndAudit(benchmark::State& state) {
  ForEach(state, FreshnessCases(), [](const FreshnessCase& c) {
    const auto posted = freshness::Post(c.market, freshness::DecodeLevels(c.market, c.levels).menu);
    benchmark::DoNotOptimize(freshness::Audit(c.market, *posted));
  });
}
BENCHMARK(BM_FreshnessPostAndAudit);

void BM_FreshnessUpperBound(benchmark::State& state) {
  ForEach(state, FreshnessCases(),
          [](const FreshnessCase& c) { benchmark::DoNotOptimize(freshness::FirstBestUtility(c.market)); });
}
BENCHMARK(BM_FreshnessUpperBound);

}  // namespace
}  // namespace giot
