#include "models/bundle/fused_runner.h"

#include <algorithm>
#include <cmath>
#include <iostream>
#include <random>
#include <string>

#include "gtest/gtest.h"
#include "models/bundle/steady_answers.h"
#include "models/bundle/torchscript_runner.h"
#include "models/policy/diffusion_policy.h"
#include "models/policy/market_batch.h"
#include "models/policy/noise.h"
#include "models/policy/runtime.h"
#include "models/policy/scripted_policy.h"
#include "tests/models/bundle/random_markets.h"
#include "tests/models/bundle/test_environment.h"

namespace giot::bundle {
namespace {

using absl::StatusCode;

constexpr double kTolerance = 1e-5;

// Random weights whose levels spread over [-1, 1] and reach its ends.
policy::DiffusionPolicy RandomPolicy(Family family, int hidden, int steps) {
  torch::manual_seed(static_cast<std::uint64_t>(100 * hidden + steps));
  policy::DiffusionPolicy policy(policy::PolicyConfig{.hidden = hidden, .steps = steps}, TestEnvironment(family));
  const torch::NoGradGuard guard;
  policy->named_parameters()["out.weight"].mul_(4.0);
  return policy;
}

std::vector<float> RandomNoise(int samples, int steps, int width) {
  std::vector<float> noise(static_cast<std::size_t>(samples * steps * width));
  policy::FillGaussian(7, static_cast<std::uint64_t>(samples), absl::MakeSpan(noise));
  return noise;
}

// Of the network as it was trained, on a batch without padding.
std::vector<float> EagerLevels(policy::DiffusionPolicy& policy, const contract::PackedMarket& market,
                               std::vector<float> noise, int samples) {
  const policy::InferenceScope scope;
  const policy::PolicyShape shape = policy->environment()->shape();
  // Freshness batches have a column of update costs for each of the most types.
  const int padded = policy->environment()->name() == "freshness" ? shape.types : market.types;
  const policy::MarketBatch one = policy::ToBatch({&market, 1}, padded, torch::kCPU);
  const policy::MarketBatch batch{one.cost_types.expand({samples, -1}), one.probabilities.expand({samples, -1}),
                                  one.mask.expand({samples, -1}), one.globals.expand({samples, -1})};
  const torch::Tensor real =
      torch::from_blob(noise.data(), {samples, policy->config().steps, shape.channels, market.types}, torch::kFloat);
  const torch::Tensor levels =
      policy->forward(batch, torch::constant_pad_nd(real, {0, padded - market.types}).flatten(2));
  const torch::Tensor flat = levels.view({samples, shape.channels, padded}).narrow(2, 0, market.types).contiguous();
  return {flat.data_ptr<float>(), flat.data_ptr<float>() + flat.numel()};
}

// A runner on each kernel that this CPU can run; names the others.
std::vector<std::unique_ptr<PolicyRunner>> RunnableKernels(Family family, const policy::DiffusionPolicy& policy) {
  const torch::jit::Module module = *policy::ScriptPolicy(policy);
  std::vector<std::unique_ptr<PolicyRunner>> runners;
  for (const std::string_view name : FusedKernels()) {
    auto runner = MakeFusedRunner(module, family, policy->config().hidden, policy->config().steps, name);
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

std::vector<float> RunnerLevels(const PolicyRunner& runner, const contract::PackedMarket& market,
                                const std::vector<float>& noise, int samples, int width) {
  std::vector<float> levels(static_cast<std::size_t>(samples * width));
  const absl::Status status = runner.Run(market, noise, samples, absl::MakeSpan(levels));
  EXPECT_TRUE(status.ok()) << status;
  return levels;
}

// Over the samples that count.
double WorstDifference(const std::vector<float>& a, const std::vector<float>& b, const std::vector<bool>& counts) {
  if (a.size() != b.size()) return 2.0;
  const std::size_t width = a.size() / counts.size();
  double worst = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (counts[i / width]) worst = std::max(worst, std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i])));
  }
  return worst;
}

class FusedRunnerTest : public testing::TestWithParam<Family> {
 protected:
  Family family() const { return GetParam(); }
  int Width(int types) const { return ShapeOf(family()).channels * types; }
  policy::DiffusionPolicy Policy(int hidden, int steps) const { return RandomPolicy(family(), hidden, steps); }
  contract::PackedMarket Market(int types) { return RandomMarket(family(), types, random_); }

  // Where near ties are settled, only answers that do not hinge on rounding can be
  // expected of two programs that round otherwise.
  std::vector<bool> Comparable(const PolicyRunner& runner, const contract::PackedMarket& market,
                               const std::vector<float>& noise, int samples, const std::vector<float>& levels) {
    std::vector<bool> comparable(static_cast<std::size_t>(samples), true);
    if (MayHingeOnRounding(family())) comparable = *SteadyAnswers(runner, market, noise, samples, levels);
    compared_ += static_cast<int>(std::count(comparable.begin(), comparable.end(), true));
    seen_ += samples;
    return comparable;
  }

  std::mt19937_64 random_{1};
  int seen_ = 0;
  int compared_ = 0;
};

TEST_P(FusedRunnerTest, EveryKernelAnswersAsTheEagerNetworkAndTorchScript) {
  for (const auto& [hidden, steps] : {std::pair(32, 1), {64, 3}, {96, 2}, {128, 5}}) {
    policy::DiffusionPolicy policy = Policy(hidden, steps);
    const auto kernels = RunnableKernels(family(), policy);
    const auto torchscript = MakeTorchScriptRunner(*policy::ScriptPolicy(policy), family(), steps);
    for (int types = 2; types <= ShapeOf(family()).types; ++types) {
      const contract::PackedMarket market = Market(types);
      const int samples = types % 5 == 0 ? 37 : std::max(types % 7, 1);  // Below, at and above a chunk.
      const std::vector<float> noise = RandomNoise(samples, steps, Width(types));
      const std::vector<float> eager = EagerLevels(policy, market, noise, samples);
      const std::vector<float> scripted = RunnerLevels(*torchscript, market, noise, samples, Width(types));
      const std::vector<bool> counts = Comparable(*torchscript, market, noise, samples, scripted);
      EXPECT_LE(WorstDifference(scripted, eager, counts), kTolerance) << "torchscript H " << hidden << " K " << types;
      for (const auto& kernel : kernels) {
        const std::vector<float> levels = RunnerLevels(*kernel, market, noise, samples, Width(types));
        EXPECT_LE(WorstDifference(levels, scripted, counts), kTolerance)
            << kernel->name() << " H " << hidden << " K " << types;
      }
    }
  }
  EXPECT_GT(compared_, 0.8 * seen_) << "hardly anything was compared";
}

TEST_P(FusedRunnerTest, LevelsOfTheComparisonAreNotTrivial) {
  const auto kernels = RunnableKernels(family(), Policy(64, 3));
  float least = 1.0F;
  float most = -1.0F;
  for (int i = 0; i < 20; ++i) {
    const int types = 7 + i % 2;
    const std::vector<float> noise = RandomNoise(4, 3, Width(types));
    for (const float level : RunnerLevels(*kernels.front(), Market(types), noise, 4, Width(types))) {
      least = std::min(least, level);
      most = std::max(most, level);
    }
  }
  EXPECT_GT(most - least, 0.5F);
}

TEST_P(FusedRunnerTest, ASampleDoesNotDependOnItsNeighbours) {
  const contract::PackedMarket market = Market(5);
  const int width = Width(5);
  const std::vector<float> noise = RandomNoise(20, 3, width);
  for (const auto& kernel : RunnableKernels(family(), Policy(64, 3))) {
    const std::vector<float> together = RunnerLevels(*kernel, market, noise, 20, width);
    const std::vector<bool> counts = Comparable(*kernel, market, noise, 20, together);
    for (int n = 0; n < 20; ++n) {
      if (!counts[static_cast<std::size_t>(n)]) continue;
      const auto first = noise.begin() + std::ptrdiff_t{3} * width * n;
      const std::vector<float> alone = RunnerLevels(*kernel, market, {first, first + 3 * width}, 1, width);
      for (int i = 0; i < width; ++i) {
        EXPECT_NEAR(alone[static_cast<std::size_t>(i)], together[static_cast<std::size_t>(width * n + i)], 1e-6)
            << kernel->name();
      }
    }
  }
  EXPECT_GT(compared_, 0.8 * seen_) << "hardly anything was compared";
}

TEST_P(FusedRunnerTest, SizesThatDisagreeAreInvalid) {
  const contract::PackedMarket market = Market(4);
  const auto width = static_cast<std::size_t>(Width(4));
  policy::DiffusionPolicy policy = Policy(32, 3);
  std::vector<std::unique_ptr<PolicyRunner>> runners = RunnableKernels(family(), policy);
  runners.push_back(MakeTorchScriptRunner(*policy::ScriptPolicy(policy), family(), 3));
  std::vector<float> noise(2 * 3 * width);
  std::vector<float> levels(2 * width);
  for (const auto& runner : runners) {
    EXPECT_TRUE(runner->Run(market, noise, 2, absl::MakeSpan(levels)).ok());
    EXPECT_EQ(runner->Run(market, noise, 1, absl::MakeSpan(levels)).code(), StatusCode::kInvalidArgument);
    EXPECT_EQ(runner->Run(market, noise, 0, absl::Span<float>()).code(), StatusCode::kInvalidArgument);
    EXPECT_EQ(runner->Run(market, absl::MakeSpan(noise).subspan(1), 2, absl::MakeSpan(levels)).code(),
              StatusCode::kInvalidArgument);
  }
}

TEST_P(FusedRunnerTest, MarketsOfOtherFamiliesAndSizesAreInvalid) {
  policy::DiffusionPolicy policy = Policy(32, 3);
  std::vector<std::unique_ptr<PolicyRunner>> runners = RunnableKernels(family(), policy);
  runners.push_back(MakeTorchScriptRunner(*policy::ScriptPolicy(policy), family(), 3));
  contract::PackedMarket other = Market(4);
  other.globals += 1;
  contract::PackedMarket large = Market(4);
  large.types = ShapeOf(family()).types + 1;
  contract::PackedMarket small = Market(4);
  small.types = 1;
  for (const contract::PackedMarket& market : {other, large, small}) {
    const auto width = static_cast<std::size_t>(Width(market.types));
    std::vector<float> levels(width);
    for (const auto& runner : runners) {
      EXPECT_EQ(runner->Run(market, std::vector<float>(3 * width), 1, absl::MakeSpan(levels)).code(),
                StatusCode::kInvalidArgument)
          << runner->name();
    }
  }
}

TEST_P(FusedRunnerTest, AnswerThatIsNotFiniteIsInternal) {
  const contract::PackedMarket market = Market(4);
  policy::DiffusionPolicy policy = Policy(32, 3);
  {
    const torch::NoGradGuard guard;
    policy->named_parameters()["mix.bias"][3] = std::nan("");
  }
  std::vector<std::unique_ptr<PolicyRunner>> runners = RunnableKernels(family(), policy);
  runners.push_back(MakeTorchScriptRunner(*policy::ScriptPolicy(policy), family(), 3));
  for (const auto& runner : runners) {
    std::vector<float> levels(static_cast<std::size_t>(Width(4)));
    EXPECT_EQ(runner->Run(market, RandomNoise(1, 3, Width(4)), 1, absl::MakeSpan(levels)).code(), StatusCode::kInternal)
        << runner->name();
  }
}

INSTANTIATE_TEST_SUITE_P(Families, FusedRunnerTest,
                         testing::Values(Family::kScreening, Family::kUncertain, Family::kFreshness),
                         [](const auto& instance) { return std::string(NameOf(instance.param)); });

TEST(FusedKernelTest, NetworkOfAnotherWidthIsRefused) {
  const torch::jit::Module odd = *policy::ScriptPolicy(RandomPolicy(Family::kScreening, 40, 3));
  EXPECT_EQ(MakeFusedRunner(odd, Family::kScreening, 40, 3).status().code(), StatusCode::kFailedPrecondition);
  const torch::jit::Module wide = *policy::ScriptPolicy(RandomPolicy(Family::kScreening, 160, 3));
  EXPECT_EQ(MakeFusedRunner(wide, Family::kScreening, 160, 3).status().code(), StatusCode::kFailedPrecondition);
}

TEST(FusedKernelTest, UnknownKernelIsNotFound) {
  const torch::jit::Module module = *policy::ScriptPolicy(RandomPolicy(Family::kScreening, 32, 3));
  EXPECT_EQ(MakeFusedRunner(module, Family::kScreening, 32, 3, "fused-abacus").status().code(), StatusCode::kNotFound);
}

}  // namespace
}  // namespace giot::bundle
