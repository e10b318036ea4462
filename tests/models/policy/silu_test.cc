#include "models/policy/silu.h"

#include <gtest/gtest.h>

namespace giot::policy {
namespace {

TEST(SiluTest, ValuesAndGradientsAreThoseOfTorch) {
  torch::manual_seed(1);
  const torch::Tensor x = (10 * torch::randn({40, 7}, torch::kDouble)).requires_grad_();
  const torch::Tensor same = x.detach().clone().requires_grad_();
  const torch::Tensor weights = torch::randn({7, 40}, torch::kDouble).t();
  (Silu(x) * weights).sum().backward();
  (torch::silu(same) * weights).sum().backward();
  EXPECT_TRUE(torch::allclose(Silu(x), torch::silu(same)));
  EXPECT_TRUE(torch::allclose(x.grad(), same.grad()));
}

}  // namespace
}  // namespace giot::policy
