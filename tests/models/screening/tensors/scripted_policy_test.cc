#include "models/policy/scripted_policy.h"

#include <sstream>

#include "gtest/gtest.h"
#include "models/screening/tensors/environment.h"
#include "models/screening/tensors/pack_markets.h"
#include "tests/models/screening/tensors/sampled_markets.h"

namespace giot::screening {
namespace {

using policy::MarketBatch;

torch::Tensor RunScript(torch::jit::Module& module, const MarketBatch& markets, const torch::Tensor& noise) {
  return module.forward({markets.cost_types, markets.probabilities, markets.mask, markets.globals, noise}).toTensor();
}

class ScriptedPolicyTest : public testing::TestWithParam<policy::PolicyConfig> {};

TEST_P(ScriptedPolicyTest, AnswersLikeTheEagerNetworkAfterSavingAndLoading) {
  torch::NoGradGuard no_grad;
  torch::manual_seed(21);
  policy::DiffusionPolicy policy(GetParam(), MakeEnvironment());
  for (auto& parameter : policy->parameters()) parameter.mul_(1.5);  // Some levels saturate.
  absl::StatusOr<torch::jit::Module> script = policy::ScriptPolicy(policy);
  ASSERT_TRUE(script.ok()) << script.status();
  std::stringstream file;
  script->save(file);
  torch::jit::Module loaded = torch::jit::load(file);

  const MarketBatch markets = PackMarkets(SampleMarkets(500, 22), torch::kCPU, contract::kMaxTypes);
  const auto noise = torch::randn({markets.size(), GetParam().steps, markets.types()});
  const auto difference = (RunScript(loaded, markets, noise) - policy->forward(markets, noise)).abs().max();
  EXPECT_LE(difference.item<float>(), 1e-5F);
}

INSTANTIATE_TEST_SUITE_P(
    Configs, ScriptedPolicyTest,
    testing::Values(policy::PolicyConfig{.hidden = 16, .steps = 1}, policy::PolicyConfig{.hidden = 64, .steps = 3},
                    policy::PolicyConfig{.hidden = 32, .steps = 5, .beta_min = 0.2, .beta_max = 6.0}));

}  // namespace
}  // namespace giot::screening
