#include "models/bundle/fused_runner.h"

#include <algorithm>
#include <cmath>
#include <iostream>
#include <random>
#include <string>

#include "gtest/gtest.h"
#include "models/bundle/torchscript_runner.h"
#include "models/contract/market_sampler.h"
#include "models/policy/diffusion_policy.h"
#include "models/policy/noise.h"
#include "models/policy/runtime.h"
#include "models/policy/scripted_policy.h"
#include "models/screening/tensors/environment.h"
#include "models/screening/tensors/pack_markets.h"

namespace giot::bundle {
namespace {

using absl::StatusCode;

constexpr double kTolerance = 1e-5;

// Random weights whose levels spread over [-1, 1] and reach its ends.
policy::DiffusionPolicy RandomPolicy(int hidden, int steps) {
  torch::manual_seed(static_cast<std::uint64_t>(100 * hidden + steps));
  policy::DiffusionPolicy policy(policy::PolicyConfig{.hidden = hidden, .steps = steps}, screening::MakeEnvironment());
  const torch::NoGradGuard guard;
  policy->named_parameters()["out.weight"].mul_(4.0);
  return policy;
}

contract::ScreeningMarket RandomMarket(int types, bool budget, std::mt19937_64& random) {
  contract::MarketDistribution distribution;
  distribution.types_min = distribution.types_max = types;
  distribution.budget_share = budget ? 1.0 : 0.0;
  return contract::SampleMarket(distribution, random).Normalized();
}

std::vector<float> RandomNoise(int samples, int steps, int types) {
  std::vector<float> noise(static_cast<std::size_t>(samples * steps * types));
  policy::FillGaussian(7, static_cast<std::uint64_t>(samples), absl::MakeSpan(noise));
  return noise;
}

std::vector<float> EagerLevels(policy::DiffusionPolicy& policy, const contract::ScreeningMarket& market,
                               std::vector<float> noise, int samples) {
  const policy::InferenceScope scope;
  const policy::MarketBatch one = screening::PackMarkets({&market, 1}, torch::kCPU);
  const policy::MarketBatch batch{one.cost_types.expand({samples, -1}), one.probabilities.expand({samples, -1}),
                                  one.mask.expand({samples, -1}), one.globals.expand({samples, -1})};
  const torch::Tensor levels = policy->forward(
      batch, torch::from_blob(noise.data(), {samples, policy->config().steps, market.types()}, torch::kFloat));
  const torch::Tensor flat = levels.contiguous();
  return {flat.data_ptr<float>(), flat.data_ptr<float>() + flat.numel()};
}

std::vector<float> RunnerLevels(const PolicyRunner& runner, const contract::ScreeningMarket& market,
                                const std::vector<float>& noise, int samples) {
  std::vector<float> levels(static_cast<std::size_t>(samples * market.types()));
  const absl::Status status = runner.Run(market, noise, samples, absl::MakeSpan(levels));
  EXPECT_TRUE(status.ok()) << status;
  return levels;
}

double WorstDifference(const std::vector<float>& a, const std::vector<float>& b) {
  double worst = a.size() == b.size() ? 0.0 : 2.0;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    worst = std::max(worst, std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i])));
  }
  return worst;
}

// A runner on each kernel that this CPU can run; names the others.
std::vector<std::unique_ptr<PolicyRunner>> RunnableKernels(const policy::DiffusionPolicy& policy) {
  const torch::jit::Module module = *policy::ScriptPolicy(policy);
  std::vector<std::unique_ptr<PolicyRunner>> runners;
  for (const std::string_view name : FusedKernels()) {
    auto runner = MakeFusedRunner(module, policy->config().hidden, policy->config().steps, name);
    if (runner.ok()) {
      EXPECT_EQ((*runner)->name(), name);
      runners.push_back(*std::move(runner));
      continue;
    }
    EXPECT_EQ(runner.status().code(), StatusCode::kFailedPrecondition) << runner.status();
    testing::Test::RecordProperty("not_run", std::string(name));
    std::cout << "not run on this CPU: " << name << "\n";
  }
  return runners;
}

TEST(FusedRunnerTest, EveryKernelAnswersAsTheEagerNetworkAndTorchScript) {
  std::mt19937_64 random(1);
  for (const auto& [hidden, steps] : {std::pair(32, 1), {64, 3}, {96, 2}, {128, 5}}) {
    policy::DiffusionPolicy policy = RandomPolicy(hidden, steps);
    const auto kernels = RunnableKernels(policy);
    const auto torchscript = MakeTorchScriptRunner(*policy::ScriptPolicy(policy), steps);
    for (int types = 2; types <= contract::kMaxTypes; ++types) {
      const contract::ScreeningMarket market = RandomMarket(types, types % 2 == 0, random);
      const int samples = types % 5 == 0 ? 37 : types % 7;  // Below, at and above a chunk.
      const int count = std::max(samples, 1);
      const std::vector<float> noise = RandomNoise(count, steps, types);
      const std::vector<float> eager = EagerLevels(policy, market, noise, count);
      const std::vector<float> scripted = RunnerLevels(*torchscript, market, noise, count);
      for (const auto& kernel : kernels) {
        const std::vector<float> levels = RunnerLevels(*kernel, market, noise, count);
        EXPECT_LE(WorstDifference(levels, eager), kTolerance) << kernel->name() << " H " << hidden << " K " << types;
        EXPECT_LE(WorstDifference(levels, scripted), kTolerance) << kernel->name() << " H " << hidden << " K " << types;
      }
    }
  }
}

TEST(FusedRunnerTest, LevelsOfTheComparisonAreNotTrivial) {
  std::mt19937_64 random(2);
  policy::DiffusionPolicy policy = RandomPolicy(64, 3);
  const auto kernels = RunnableKernels(policy);
  float least = 1.0F;
  float most = -1.0F;
  for (int i = 0; i < 20; ++i) {
    const contract::ScreeningMarket market = RandomMarket(8, i % 2 == 0, random);
    for (const float level : RunnerLevels(*kernels.front(), market, RandomNoise(4, 3, 8), 4)) {
      least = std::min(least, level);
      most = std::max(most, level);
    }
  }
  EXPECT_GT(most - least, 0.5F);
}

TEST(FusedRunnerTest, ASampleDoesNotDependOnItsNeighbours) {
  std::mt19937_64 random(3);
  const contract::ScreeningMarket market = RandomMarket(5, true, random);
  const std::vector<float> noise = RandomNoise(20, 3, 5);
  for (const auto& kernel : RunnableKernels(RandomPolicy(64, 3))) {
    const std::vector<float> together = RunnerLevels(*kernel, market, noise, 20);
    for (std::size_t n = 0; n < 20; ++n) {
      const auto first = noise.begin() + static_cast<std::ptrdiff_t>(15 * n);
      const std::vector<float> alone = RunnerLevels(*kernel, market, {first, first + 15}, 1);
      for (std::size_t k = 0; k < 5; ++k) EXPECT_NEAR(alone[k], together[5 * n + k], 1e-6) << kernel->name();
    }
  }
}

TEST(FusedRunnerTest, SizesThatDisagreeAreInvalid) {
  std::mt19937_64 random(4);
  const contract::ScreeningMarket market = RandomMarket(4, false, random);
  policy::DiffusionPolicy policy = RandomPolicy(32, 3);
  std::vector<std::unique_ptr<PolicyRunner>> runners = RunnableKernels(policy);
  runners.push_back(MakeTorchScriptRunner(*policy::ScriptPolicy(policy), 3));
  std::vector<float> noise(2 * 3 * 4);
  std::vector<float> levels(2 * 4);
  for (const auto& runner : runners) {
    EXPECT_TRUE(runner->Run(market, noise, 2, absl::MakeSpan(levels)).ok());
    EXPECT_EQ(runner->Run(market, noise, 1, absl::MakeSpan(levels)).code(), StatusCode::kInvalidArgument);
    EXPECT_EQ(runner->Run(market, noise, 0, absl::Span<float>()).code(), StatusCode::kInvalidArgument);
    EXPECT_EQ(runner->Run(market, absl::MakeSpan(noise).subspan(1), 2, absl::MakeSpan(levels)).code(),
              StatusCode::kInvalidArgument);
  }
}

TEST(FusedRunnerTest, AnswerThatIsNotFiniteIsInternal) {
  std::mt19937_64 random(5);
  const contract::ScreeningMarket market = RandomMarket(4, false, random);
  policy::DiffusionPolicy policy = RandomPolicy(32, 3);
  {
    const torch::NoGradGuard guard;
    policy->named_parameters()["mix.bias"][3] = std::nan("");
  }
  std::vector<std::unique_ptr<PolicyRunner>> runners = RunnableKernels(policy);
  runners.push_back(MakeTorchScriptRunner(*policy::ScriptPolicy(policy), 3));
  for (const auto& runner : runners) {
    std::vector<float> levels(4);
    EXPECT_EQ(runner->Run(market, RandomNoise(1, 3, 4), 1, absl::MakeSpan(levels)).code(), StatusCode::kInternal)
        << runner->name();
  }
}

TEST(FusedRunnerTest, NetworkOfAnotherWidthIsRefused) {
  const torch::jit::Module odd = *policy::ScriptPolicy(RandomPolicy(40, 3));
  EXPECT_EQ(MakeFusedRunner(odd, 40, 3).status().code(), StatusCode::kFailedPrecondition);
  const torch::jit::Module wide = *policy::ScriptPolicy(RandomPolicy(160, 3));
  EXPECT_EQ(MakeFusedRunner(wide, 160, 3).status().code(), StatusCode::kFailedPrecondition);
}

TEST(FusedRunnerTest, UnknownKernelIsNotFound) {
  const torch::jit::Module module = *policy::ScriptPolicy(RandomPolicy(32, 3));
  EXPECT_EQ(MakeFusedRunner(module, 32, 3, "fused-abacus").status().code(), StatusCode::kNotFound);
}

}  // namespace
}  // namespace giot::bundle
