// What one menu costs in process, on one core, without a server around it.
//
//   inference_bench [BUNDLE_DIRECTORY] [--benchmark_... flags]
//
// Without a directory, a network of random weights in the released size.

#include <benchmark/benchmark.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "models/bundle/bundle.h"
#include "models/bundle/bundle_writer.h"
#include "models/bundle/designer.h"
#include "models/contract/audit.h"
#include "models/contract/exact.h"
#include "models/contract/market_sampler.h"
#include "models/contract/pack.h"
#include "models/contract/post.h"
#include "models/policy/noise.h"
#include "models/policy/runtime.h"
#include "models/screening/tensors/environment.h"

namespace giot::bundle {
namespace {

constexpr std::uint64_t kSeed = 1;
constexpr int kMarkets = 256;

std::shared_ptr<const Bundle> g_bundle;

template <typename T>
T OrDie(absl::StatusOr<T> result) {
  if (!result.ok()) {
    std::fprintf(stderr, "%s\n", result.status().ToString().c_str());
    std::exit(1);
  }
  return *std::move(result);
}

std::shared_ptr<const Bundle> RandomBundle() {
  std::string folder = (std::filesystem::temp_directory_path() / "inference_bench.XXXXXX").string();
  if (::mkdtemp(folder.data()) == nullptr) std::exit(1);
  Manifest manifest;
  manifest.name = "random";
  manifest.version = 1;
  for (const absl::string_view trait : TraitsOf(Family::kScreening)) manifest.ranges.of[std::string(trait)] = {};
  const absl::Status status =
      WriteBundle(folder, manifest, policy::DiffusionPolicy(policy::PolicyConfig{}, screening::MakeEnvironment()));
  if (!status.ok()) std::fprintf(stderr, "%s\n", status.ToString().c_str());
  auto bundle = OrDie(Bundle::Load(std::filesystem::path(folder) / "random" / "1"));
  std::filesystem::remove_all(folder);
  return bundle;
}

std::vector<contract::ScreeningMarket> Markets(int types) {
  std::mt19937_64 random(kSeed);
  contract::MarketDistribution distribution;
  distribution.types_min = distribution.types_max = types;
  std::vector<contract::ScreeningMarket> markets;
  for (int i = 0; i < kMarkets; ++i) markets.push_back(contract::SampleMarket(distribution, random));
  return markets;
}

void Forward(benchmark::State& state, const PolicyRunner& runner) {
  const int types = static_cast<int>(state.range(0));
  const int samples = static_cast<int>(state.range(1));
  std::vector<contract::PackedMarket> markets;
  for (const contract::ScreeningMarket& market : Markets(types)) markets.push_back(contract::Pack(market));
  std::vector<float> noise(static_cast<std::size_t>(samples * g_bundle->manifest().steps * types));
  policy::FillGaussian(kSeed, 0, absl::MakeSpan(noise));
  std::vector<float> levels(static_cast<std::size_t>(samples * types));
  std::size_t next = 0;
  for (auto _ : state) {
    const absl::Status status = runner.Run(markets[next++ % markets.size()], noise, samples, absl::MakeSpan(levels));
    if (!status.ok()) state.SkipWithError("runner failed");
    benchmark::DoNotOptimize(levels.data());
  }
  state.SetLabel(std::string(runner.name()));
}

void FusedForward(benchmark::State& state) { Forward(state, g_bundle->runner()); }
void TorchScriptForward(benchmark::State& state) { Forward(state, g_bundle->torchscript_runner()); }

void Design(benchmark::State& state) {
  const std::vector<contract::ScreeningMarket> markets = Markets(static_cast<int>(state.range(0)));
  const DesignOptions options{static_cast<int>(state.range(1)), kSeed};
  std::size_t next = 0;
  for (auto _ : state) {
    const contract::ScreeningMarket& market = markets[next++ % markets.size()];
    benchmark::DoNotOptimize(DesignMenu(*g_bundle, market, market.types(), options));
  }
}

// Everything between a validated market and a certified menu.
void CertifiedMenu(benchmark::State& state) {
  const std::vector<contract::ScreeningMarket> markets = Markets(static_cast<int>(state.range(0)));
  const DesignOptions options{static_cast<int>(state.range(1)), kSeed};
  std::size_t next = 0;
  for (auto _ : state) {
    const contract::ScreeningMarket& market = markets[next++ % markets.size()];
    const contract::ExactSolution exact = contract::SolveExact(market);
    const auto design = DesignMenu(*g_bundle, market, exact.menu.size(), options);
    const auto posted = contract::Post(market, design->menu);
    const contract::AuditReport report = contract::Audit(market, *posted);
    benchmark::DoNotOptimize(report.utility_per_vehicle / exact.utility_per_vehicle);
  }
}

BENCHMARK(FusedForward)->Args({10, 1})->Args({10, 16})->Args({16, 1});
BENCHMARK(TorchScriptForward)->Args({10, 1})->Args({10, 16});
BENCHMARK(Design)->Args({10, 1})->Args({10, 16});
BENCHMARK(CertifiedMenu)->Args({10, 1})->Args({10, 16});

}  // namespace
}  // namespace giot::bundle

int main(int argc, char** argv) {
  giot::policy::SetComputeThreads(1);
  benchmark::Initialize(&argc, argv);
  giot::bundle::g_bundle =
      argc > 1 ? giot::bundle::OrDie(giot::bundle::Bundle::Load(argv[1])) : giot::bundle::RandomBundle();
  if (giot::bundle::g_bundle->fast_runner_refusal()) {
    std::fprintf(stderr, "fused runner refused: %s\n", giot::bundle::g_bundle->fast_runner_refusal()->c_str());
  }
  benchmark::RunSpecifiedBenchmarks();
  giot::bundle::g_bundle.reset();
}
