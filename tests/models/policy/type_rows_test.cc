#include "models/policy/type_rows.h"

#include <gtest/gtest.h>

#include <optional>
#include <vector>

#include "models/policy/tensor_form.h"

namespace giot::policy {
namespace {

using torch::Tensor;

// Markets of one, two and three types, padded to three.
MarketBatch Markets() {
  const Tensor mask = torch::tensor({{1.0F, 0.0F, 0.0F}, {1.0F, 1.0F, 0.0F}, {1.0F, 1.0F, 1.0F}});
  const Tensor probabilities = torch::tensor({{1.0F, 0.0F, 0.0F}, {0.3F, 0.7F, 0.0F}, {0.2F, 0.5F, 0.3F}});
  return {torch::ones({3, 3}), probabilities, mask, torch::zeros({3, 1})};
}

TEST(TypeRowsTest, OnTheCpuRowsAreTheRealTypesMarketByMarket) {
  const Tensor of_types = torch::arange(9, torch::kFloat32).view({3, 3, 1});
  const Tensor rows = TypeRows(Markets()).Gather(of_types);
  EXPECT_TRUE(torch::equal(rows.flatten(), torch::tensor({0.0F, 3.0F, 4.0F, 6.0F, 7.0F, 8.0F})));
}

TEST(TypeRowsTest, PoolsByProbabilityAndPlainly) {
  const TypeRows rows(Markets());
  const Tensor of_types = torch::tensor({{5.0F, 9.0F, 9.0F}, {1.0F, 2.0F, 9.0F}, {10.0F, 20.0F, 60.0F}}).unsqueeze(2);
  // .3 x 1 + .7 x 2 and (1 + 2) / 2; .2 x 10 + .5 x 20 + .3 x 60 and (10 + 20 + 60) / 3.
  const Tensor wanted = torch::tensor({{5.0F, 5.0F}, {1.7F, 1.5F}, {30.0F, 30.0F}});
  EXPECT_TRUE(torch::allclose(rows.Pool(rows.Gather(of_types)), wanted));
}

// All operations in one scalar, and its gradients by what went in.
std::vector<Tensor> ValueAndGradients(bool tensor_form) {
  std::optional<TensorFormScope> scope;
  if (tensor_form) scope.emplace();
  torch::manual_seed(5);
  const Tensor of_types = torch::randn({3, 3, 4}, torch::requires_grad());
  const Tensor of_markets = torch::randn({3, 4}, torch::requires_grad());
  const Tensor weights = torch::randn({3, 8});
  const TypeRows rows(Markets());
  const Tensor added = rows.Add(rows.Gather(of_types), of_markets).tanh();
  const Tensor pooled = (rows.Pool(added) * weights).sum();
  const Tensor scattered = (rows.Scatter(added * added) * torch::randn({3, 3, 4})).sum();
  const Tensor value = pooled + scattered;
  value.backward();
  return {value.detach(), of_types.grad(), of_markets.grad()};
}

TEST(TypeRowsTest, BothFormsGiveTheSameValuesAndGradients) {
  const std::vector<Tensor> rows = ValueAndGradients(false);
  const std::vector<Tensor> tensors = ValueAndGradients(true);
  for (std::size_t i = 0; i < rows.size(); ++i) EXPECT_TRUE(torch::allclose(rows[i], tensors[i], 1e-5, 1e-5)) << i;
  EXPECT_GT(rows[1].abs().max().item<float>(), 0.1F);
  EXPECT_GT(rows[2].abs().max().item<float>(), 0.1F);
}

TEST(TypeRowsTest, ScatteringLeavesPaddingAtZero) {
  const TypeRows rows(Markets());
  const Tensor ones = rows.Scatter(rows.Gather(torch::ones({3, 3, 2})));
  EXPECT_TRUE(torch::equal(ones, Markets().mask.unsqueeze(2).expand({3, 3, 2})));
}

}  // namespace
}  // namespace giot::policy
