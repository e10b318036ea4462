#include "trainer/learning/replay_buffer.h"

#include <gtest/gtest.h>

#include <set>
#include <vector>

namespace giot::trainer {
namespace {

// Experiences with one type whose every number is told by the reward.
Experience Numbered(std::vector<float> rewards) {
  const auto count = static_cast<std::int64_t>(rewards.size());
  const torch::Tensor r = torch::tensor(rewards).view({count, 1});
  return {{r + 0.1, r + 0.2, r + 0.3, torch::cat({r + 0.4, r + 0.5}, 1)}, r + 0.6, r.squeeze(1)};
}

std::set<float> DistinctRewards(const ReplayBuffer& buffer) {
  torch::manual_seed(1);
  const torch::Tensor rewards = buffer.Sample(500).rewards;
  return {rewards.data_ptr<float>(), rewards.data_ptr<float>() + rewards.numel()};
}

TEST(ReplayBufferTest, DrawsOnlyWhatWasAdded) {
  ReplayBuffer buffer(10, Numbered({0}));
  EXPECT_EQ(buffer.size(), 0);
  buffer.Add(Numbered({1, 2}));
  buffer.Add(Numbered({3}));
  EXPECT_EQ(buffer.size(), 3);
  EXPECT_EQ(DistinctRewards(buffer), (std::set<float>{1, 2, 3}));
}

TEST(ReplayBufferTest, AFullRingForgetsTheOldest) {
  ReplayBuffer buffer(4, Numbered({0}));
  buffer.Add(Numbered({1, 2, 3}));
  buffer.Add(Numbered({4, 5}));
  EXPECT_EQ(buffer.size(), 4);
  EXPECT_EQ(DistinctRewards(buffer), (std::set<float>{2, 3, 4, 5}));
  buffer.Add(Numbered({6, 7, 8}));
  EXPECT_EQ(DistinctRewards(buffer), (std::set<float>{5, 6, 7, 8}));
}

TEST(ReplayBufferTest, AnExperienceStaysInOnePiece) {
  ReplayBuffer buffer(5, Numbered({0}));
  buffer.Add(Numbered({1, 2, 3}));
  buffer.Add(Numbered({4, 5, 6}));
  torch::manual_seed(2);
  const Experience drawn = buffer.Sample(50);
  const torch::Tensor r = drawn.rewards.view({50, 1});
  EXPECT_TRUE(torch::equal(drawn.markets.cost_types, r + 0.1));
  EXPECT_TRUE(torch::equal(drawn.markets.probabilities, r + 0.2));
  EXPECT_TRUE(torch::equal(drawn.markets.mask, r + 0.3));
  EXPECT_TRUE(torch::equal(drawn.markets.globals, torch::cat({r + 0.4, r + 0.5}, 1)));
  EXPECT_TRUE(torch::equal(drawn.levels, r + 0.6));
}

TEST(ReplayBufferTest, WhatIsDrawnDoesNotChangeLater) {
  ReplayBuffer buffer(2, Numbered({0}));
  buffer.Add(Numbered({1, 1}));
  const Experience drawn = buffer.Sample(3);
  buffer.Add(Numbered({9, 9}));
  EXPECT_EQ(drawn.rewards.max().item<float>(), 1.0F);
}

TEST(ReplayBufferDeathTest, MoreThanTheRingHoldsAborts) {
  ReplayBuffer buffer(2, Numbered({0}));
  EXPECT_DEATH(buffer.Add(Numbered({1, 2, 3})), "");
}

}  // namespace
}  // namespace giot::trainer
