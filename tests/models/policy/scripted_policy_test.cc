#include "models/policy/scripted_policy.h"

#include <sstream>

#include "gtest/gtest.h"
#include "tests/models/policy/sampled_markets.h"

namespace giot::policy {
namespace {

torch::Tensor RunScript(torch::jit::Module& module, const MarketBatch& markets, const torch::Tensor& noise) {
  return module.forward({markets.cost_types, markets.probabilities, markets.mask, markets.globals, noise}).toTensor();
}

class ScriptedPolicyTest : public testing::TestWithParam<PolicyConfig> {};

TEST_P(ScriptedPolicyTest, AnswersLikeTheEagerNetworkAfterSavingAndLoading) {
  torch::NoGradGuard no_grad;
  torch::manual_seed(21);
  DiffusionPolicy policy(GetParam());
  for (auto& parameter : policy->parameters()) parameter.mul_(1.5);  // Some levels saturate.
  absl::StatusOr<torch::jit::Module> script = ScriptPolicy(policy);
  ASSERT_TRUE(script.ok()) << script.status();
  std::stringstream file;
  script->save(file);
  torch::jit::Module loaded = torch::jit::load(file);

  const MarketBatch markets = PackMarkets(SampleMarkets(500, 22), torch::kCPU);
  const auto noise = torch::randn({markets.size(), GetParam().steps, markets.types()});
  const auto difference = (RunScript(loaded, markets, noise) - policy->forward(markets, noise)).abs().max();
  EXPECT_LE(difference.item<float>(), 1e-5F);
}

INSTANTIATE_TEST_SUITE_P(Configs, ScriptedPolicyTest,
                         testing::Values(PolicyConfig{.hidden = 16, .steps = 1}, PolicyConfig{.hidden = 64, .steps = 3},
                                         PolicyConfig{.hidden = 32, .steps = 5, .beta_min = 0.2, .beta_max = 6.0}));

}  // namespace
}  // namespace giot::policy
