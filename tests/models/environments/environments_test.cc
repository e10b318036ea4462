// What every family of markets must do for learning; a new family joins by a line at
// the end.
#include <ATen/record_function.h>
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "models/freshness/tensors/environment.h"
#include "models/policy/diffusion_policy.h"
#include "models/policy/scripted_policy.h"
#include "models/policy/tensor_form.h"
#include "models/screening/tensors/environment.h"
#include "models/uncertain/tensors/environment.h"

namespace giot::policy {
namespace {

using torch::Tensor;

struct Family {
  const char* name;
  std::shared_ptr<const Environment> (*make)();
};
void PrintTo(const Family& family, std::ostream* out) { *out << family.name; }

class EnvironmentTest : public testing::TestWithParam<Family> {
 protected:
  EnvironmentTest() : environment_(GetParam().make()), shape_(environment_->shape()) { torch::manual_seed(3); }

  std::int64_t Width(const MarketBatch& markets) const { return shape_.channels * markets.types(); }
  Tensor RandomLevels(const MarketBatch& markets) const {
    return 2 * torch::rand({markets.size(), Width(markets)}) - 1;
  }

  std::shared_ptr<const Environment> environment_;
  PolicyShape shape_;
};

bool IsFinite(const Tensor& tensor) { return torch::isfinite(tensor).all().item<bool>(); }

TEST_P(EnvironmentTest, GeneratesValidNormalisedMarkets) {
  const MarketBatch markets = environment_->Generate(500, torch::kCPU);
  EXPECT_EQ(markets.size(), 500);
  EXPECT_LE(markets.types(), shape_.types);
  EXPECT_EQ(markets.globals.size(1), shape_.globals);
  EXPECT_TRUE(torch::allclose(markets.probabilities.sum(1), torch::ones({500})));
  EXPECT_EQ((markets.probabilities * (1 - markets.mask)).abs().max().item<float>(), 0.0F);
  EXPECT_GT((markets.probabilities + (1 - markets.mask)).min().item<float>(), 0.0F);
  EXPECT_TRUE(torch::allclose((markets.cost_types * markets.mask).amax(1), torch::ones({500})));
  EXPECT_TRUE(IsFinite(markets.globals));
}

TEST_P(EnvironmentTest, GeneratesTheSameMarketsForTheSameSeed) {
  torch::manual_seed(11);
  const MarketBatch first = environment_->Generate(20, torch::kCPU);
  torch::manual_seed(11);
  const MarketBatch second = environment_->Generate(20, torch::kCPU);
  EXPECT_TRUE(torch::equal(first.probabilities, second.probabilities));
  EXPECT_TRUE(torch::equal(first.globals, second.globals));
}

TEST_P(EnvironmentTest, EveryAnswerIsAFeasibleMenuWorthNoMoreThanTheReference) {
  const auto held_out = environment_->HeldOut(50, 21);
  const MarketBatch& markets = held_out->batch();
  ASSERT_EQ(markets.size(), 50);
  for (int trial = 0; trial < 40; ++trial) {
    // Some levels at their ends, as a saturated policy has them.
    const Tensor levels = (1.5 * RandomLevels(markets)).clamp(-1, 1).to(torch::kDouble);
    for (std::int64_t i = 0; i < markets.size(); ++i) {
      const Tensor row = levels[i].contiguous();
      const Judgement judged = held_out->Judge(i, {row.data_ptr<double>(), static_cast<std::size_t>(row.numel())});
      ASSERT_TRUE(judged.feasible) << "trial " << trial << " market " << i;
      ASSERT_LE(judged.utility, held_out->Reference(i) * (1 + 1e-9)) << "trial " << trial << " market " << i;
    }
  }
}

TEST_P(EnvironmentTest, HeldOutMarketsAreTheSameForTheSameSeed) {
  const auto first = environment_->HeldOut(10, 5);
  const auto second = environment_->HeldOut(10, 5);
  EXPECT_TRUE(torch::equal(first->batch().globals, second->batch().globals));
  for (int i = 0; i < 10; ++i) EXPECT_EQ(first->Reference(i), second->Reference(i));
}

TEST_P(EnvironmentTest, FeaturesAreFiniteAndOfTheStatedShape) {
  const MarketBatch markets = environment_->Generate(200, torch::kCPU);
  const Features features = environment_->Observe(markets);
  EXPECT_EQ(features.types.sizes(), (std::vector<std::int64_t>{200, markets.types(), shape_.type_features}));
  EXPECT_EQ(features.globals.sizes(), (std::vector<std::int64_t>{200, shape_.global_features}));
  EXPECT_TRUE(IsFinite(features.types) && IsFinite(features.globals));
  const Tensor seen = environment_->ProposalFeatures(markets, features, RandomLevels(markets), RandomLevels(markets));
  EXPECT_EQ(seen.sizes(), (std::vector<std::int64_t>{200, markets.types(), shape_.proposal_features}));
  EXPECT_TRUE(IsFinite(seen));
}

TEST_P(EnvironmentTest, ObjectiveHasAFiniteGradientThatRaisesIt) {
  const MarketBatch markets = environment_->Generate(300, torch::kCPU);
  Tensor levels = (0.8 * RandomLevels(markets)).requires_grad_();
  // The same scenarios, where there are any.
  torch::manual_seed(7);
  const Tensor before = environment_->Objective(markets, levels).mean();
  before.backward();
  ASSERT_TRUE(IsFinite(levels.grad()));
  const torch::NoGradGuard no_grad;
  const Tensor uphill = levels.grad() / levels.grad().norm();
  torch::manual_seed(7);
  const Tensor after = environment_->Objective(markets, (levels + 0.05 * uphill).clamp(-1, 1)).mean();
  EXPECT_GT(after.item<float>(), before.item<float>());
}

TEST_P(EnvironmentTest, RewardNeedsNoGradientAndIsFinite) {
  const MarketBatch markets = environment_->Generate(200, torch::kCPU);
  const Tensor reward = environment_->Reward(markets, RandomLevels(markets));
  EXPECT_EQ(reward.sizes(), std::vector<std::int64_t>{200});
  EXPECT_TRUE(IsFinite(reward));
}

std::atomic<int> host_reads = 0;

std::unique_ptr<at::ObserverContext> CountHostReads(const at::RecordFunction& function) {
  const std::string name = function.name();
  if (name == "aten::_local_scalar_dense" || name == "aten::nonzero" || name == "aten::equal") ++host_reads;
  return nullptr;
}

// On an accelerator each would be a synchronisation.
TEST_P(EnvironmentTest, LearningReadsNothingBackToTheHost) {
  const TensorFormScope scope;
  const auto callback = at::addGlobalCallback(at::RecordFunctionCallback(CountHostReads));
  host_reads = 0;
  const MarketBatch markets = environment_->Generate(20, torch::kCPU);
  const Tensor levels = RandomLevels(markets).requires_grad_();
  const Features features = environment_->Observe(markets);
  const Tensor seen = environment_->ProposalFeatures(markets, features, levels, levels);
  environment_->Reward(markets, levels);
  (environment_->Objective(markets, levels).sum() + seen.sum()).backward();
  at::removeCallback(callback);
  EXPECT_EQ(host_reads, 0);
}

TEST_P(EnvironmentTest, ScriptedPolicyAnswersLikeTheEagerOne) {
  const torch::NoGradGuard no_grad;
  DiffusionPolicy policy(PolicyConfig{.hidden = 32, .steps = 3}, environment_);
  absl::StatusOr<torch::jit::Module> script = ScriptPolicy(policy);
  ASSERT_TRUE(script.ok()) << script.status();
  const MarketBatch markets = environment_->HeldOut(64, 6)->batch();
  ASSERT_EQ(markets.types(), shape_.types);
  const Tensor noise = torch::randn({markets.size(), 3, Width(markets)});
  const Tensor eager = policy->forward(markets, noise);
  const Tensor scripted =
      script->forward({markets.cost_types, markets.probabilities, markets.mask, markets.globals, noise}).toTensor();
  EXPECT_LE((eager - scripted).abs().max().item<float>(), 1e-4F);
}

INSTANTIATE_TEST_SUITE_P(Families, EnvironmentTest,
                         testing::Values(Family{"Screening", [] { return screening::MakeEnvironment(); }},
                                         Family{"Uncertain", [] { return uncertain::MakeEnvironment(); }},
                                         Family{"Freshness", [] { return freshness::MakeEnvironment(); }}),
                         [](const testing::TestParamInfo<Family>& family) { return std::string(family.param.name); });

}  // namespace
}  // namespace giot::policy
