#include "models/screening/tensors/shared_costs.h"

#include <gtest/gtest.h>

#include <cmath>
#include <optional>
#include <vector>

#include "models/policy/tensor_form.h"
#include "models/policy/virtual_costs.h"
#include "models/screening/tensors/market_generator.h"

namespace giot::screening {
namespace {

using torch::Tensor;

TEST(SharedCostsTest, TypesAtOneLevelShareTheirMeanAndDistantOnesDoNot) {
  const Tensor mask = torch::tensor({{1.0F, 1.0F, 1.0F, 0.0F}});
  const policy::MarketBatch market{mask, torch::tensor({{0.25F, 0.25F, 0.5F, 0.0F}}), mask, torch::zeros({1, 1})};
  const Tensor costs = torch::tensor({{1.0F, 3.0F, 7.0F, 9.0F}});
  const Tensor shared = SharedCosts(market, costs, torch::tensor({{0.8F, 0.8F, -0.8F, 0.8F}}), 0.05);
  EXPECT_TRUE(torch::allclose(shared, torch::tensor({{2.0F, 2.0F, 7.0F, 9.0F}})));
  // One width apart: weights .25 and .25 / e, .5 infinitely far.
  const Tensor apart = SharedCosts(market, costs, torch::tensor({{0.80F, 0.75F, -0.8F, 0.0F}}), 0.05);
  EXPECT_NEAR(apart[0][0].item<double>(), (1 + 3 * std::exp(-1.0)) / (1 + std::exp(-1.0)), 1e-5);
}

std::vector<Tensor> ValuesAndGradient(bool tensor_form) {
  std::optional<policy::TensorFormScope> scope;
  if (tensor_form) scope.emplace();
  torch::manual_seed(3);
  const policy::MarketBatch markets = GenerateMarkets({}, 100, torch::kCPU);
  const Tensor levels = (0.1 * torch::randn_like(markets.mask)).requires_grad_();
  const Tensor shared = SharedCosts(markets, policy::VirtualCosts(markets), levels, 0.05);
  (shared * torch::randn_like(shared) * markets.mask).sum().backward();
  return {shared.detach(), levels.grad()};
}

TEST(SharedCostsTest, BothFormsGiveTheSameValuesAndGradients) {
  const std::vector<Tensor> rows = ValuesAndGradient(false);
  const std::vector<Tensor> tensors = ValuesAndGradient(true);
  EXPECT_TRUE(torch::allclose(rows[0], tensors[0], 1e-4, 1e-4));
  EXPECT_TRUE(torch::allclose(rows[1], tensors[1], 1e-3, 1e-3));
  EXPECT_GT(rows[1].abs().max().item<float>(), 1.0F);
}

}  // namespace
}  // namespace giot::screening
