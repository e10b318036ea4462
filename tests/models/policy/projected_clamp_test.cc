#include "models/policy/projected_clamp.h"

#include "gtest/gtest.h"

namespace giot::policy {
namespace {

TEST(ProjectedClampTest, BlocksOnlyTheGradientThatWouldLeaveTheRange) {
  auto x = torch::tensor({-2.0F, -2.0F, 0.5F, 2.0F, 2.0F}).requires_grad_();
  const auto y = ProjectedClamp(x);
  EXPECT_TRUE(torch::equal(y, torch::tensor({-1.0F, -1.0F, 0.5F, 1.0F, 1.0F})));
  // Descent moves against the gradient: +1 lowers x, -1 raises it.
  y.backward(torch::tensor({1.0F, -1.0F, 1.0F, 1.0F, -1.0F}));
  EXPECT_TRUE(torch::equal(x.grad(), torch::tensor({0.0F, -1.0F, 1.0F, 1.0F, 0.0F})));
}

}  // namespace
}  // namespace giot::policy
