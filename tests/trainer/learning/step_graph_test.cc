#include "trainer/learning/step_graph.h"

#include <gtest/gtest.h>

namespace giot::trainer {
namespace {

TEST(StepGraphTest, ACpuCapturesNothing) { EXPECT_FALSE(CanCapture(torch::kCPU)); }

// What a captured step may rely on, and must: tensors written in place, and numbers
// that differ from run to run.
TEST(StepGraphTest, EveryRunDoesTheWorkOnceMoreAndDrawsOtherNumbers) {
  torch::manual_seed(1);
  torch::Tensor count = torch::zeros({});
  torch::Tensor drawn = torch::zeros({4});
  const std::unique_ptr<StepGraph> graph = MakeStepGraph(torch::kCPU, /*capture=*/true, [&] {
    count.add_(1);
    drawn.copy_(torch::rand({4}));
  });
  EXPECT_EQ(count.item<float>(), 0.0F);
  graph->Run();
  const torch::Tensor first = drawn.clone();
  graph->Run();
  EXPECT_EQ(count.item<float>(), 2.0F);
  EXPECT_FALSE(torch::equal(first, drawn));
}

}  // namespace
}  // namespace giot::trainer
