#include "trainer/learning/adam.h"

#include <gtest/gtest.h>

#include <sstream>
#include <vector>

namespace giot::trainer {
namespace {

using torch::Tensor;

// Two layers with a vector between, and a loss that depends on all of them.
struct Network {
  explicit Network(std::uint64_t seed) {
    torch::manual_seed(seed);
    first = torch::randn({5, 3}, torch::requires_grad());
    bias = torch::randn({5}, torch::requires_grad());
    second = torch::randn({1, 5}, torch::requires_grad());
  }
  std::vector<Tensor> parameters() const { return {first, bias, second}; }
  Tensor Loss(std::uint64_t seed) const {
    torch::manual_seed(seed);
    const Tensor inputs = torch::randn({16, 3});
    const Tensor outputs = torch::tanh(inputs.matmul(first.t()) + bias).matmul(second.t()).squeeze(1);
    return (outputs - inputs.sum(1).sin()).square().mean();
  }

  Tensor first, bias, second;
};

constexpr OptimizationConfig kConfig = {.learning_rate = 1e-2};

void TakeSteps(std::uint64_t first, int count, const Network& network, Adam& adam) {
  for (int i = 0; i < count; ++i) {
    adam.Differentiate(network.Loss(first + static_cast<std::uint64_t>(i)));
    adam.Step();
  }
}

TEST(AdamTest, ComputesWhatTorchDoesOverAHundredStepsOfChangingRate) {
  const Network ours(1);
  const Network theirs(1);
  Adam adam(ours.parameters(), kConfig);
  torch::optim::Adam reference(theirs.parameters(), torch::optim::AdamOptions(1e-2).betas({0.9, 0.98}));
  for (std::uint64_t i = 0; i < 100; ++i) {
    const double rate = 1e-2 / static_cast<double>(1 + i / 10);
    adam.SetRate(rate);
    adam.Differentiate(ours.Loss(i));
    adam.Step();
    static_cast<torch::optim::AdamOptions&>(reference.param_groups()[0].options()).lr(rate);
    reference.zero_grad();
    theirs.Loss(i).backward();
    reference.step();
  }
  EXPECT_LT((ours.first - theirs.first).abs().max().item<float>(), 1e-6F);
  EXPECT_LT((ours.bias - theirs.bias).abs().max().item<float>(), 1e-6F);
  EXPECT_LT((ours.second - theirs.second).abs().max().item<float>(), 1e-6F);
  EXPECT_GT((ours.first - Network(1).first).abs().max().item<float>(), 1e-2F);
}

TEST(AdamTest, ParametersAndGradientsAreViewsOfOneVector) {
  const Network network(2);
  Adam adam(network.parameters(), kConfig);
  EXPECT_EQ(adam.values().sizes(), std::vector<std::int64_t>{15 + 5 + 5});
  {
    const torch::NoGradGuard no_grad;
    adam.values().narrow(0, 15, 5).fill_(7);
  }
  EXPECT_EQ(network.bias.min().item<float>(), 7.0F);
  adam.Differentiate(network.second.sum() + 0 * network.first.sum() + 0 * network.bias.sum());
  EXPECT_EQ(network.second.grad().min().item<float>(), 1.0F);
  EXPECT_EQ(adam.gradient().sum().item<float>(), 5.0F);
}

TEST(AdamTest, ClippingKeepsTheDirectionAndTellsTheNormBefore) {
  const Network network(3);
  Adam adam(network.parameters(), kConfig);
  adam.Differentiate((3 * network.bias[0] + 4 * network.bias[1]) + 0 * network.first.sum() + 0 * network.second.sum());
  EXPECT_NEAR(adam.ClipGradient(1.0).item<float>(), 5.0F, 1e-5F);
  EXPECT_NEAR(network.bias.grad()[0].item<float>(), 0.6F, 1e-5F);
  EXPECT_NEAR(network.bias.grad()[1].item<float>(), 0.8F, 1e-5F);
  EXPECT_NEAR(adam.ClipGradient(2.0).item<float>(), 1.0F, 1e-5F);
  EXPECT_NEAR(network.bias.grad()[0].item<float>(), 0.6F, 1e-5F);
}

TEST(AdamTest, WhatIsSavedContinuesBitForBit) {
  const Network straight(4);
  Adam adam(straight.parameters(), kConfig);
  TakeSteps(0, 5, straight, adam);
  SavedState state({1.0});
  adam.AddTo(state, "adam");
  torch::serialize::OutputArchive out;
  state.SaveTo(out);
  std::stringstream bytes;
  out.save_to(bytes);
  TakeSteps(5, 5, straight, adam);

  const Network other(5);
  Adam resumed(other.parameters(), kConfig);
  TakeSteps(90, 2, other, resumed);
  SavedState restored({1.0});
  resumed.AddTo(restored, "adam");
  torch::serialize::InputArchive in;
  in.load_from(bytes);
  ASSERT_TRUE(restored.LoadFrom(in).ok());
  TakeSteps(5, 5, other, resumed);
  EXPECT_TRUE(torch::equal(resumed.values(), adam.values()));
}

}  // namespace
}  // namespace giot::trainer
