#pragma once

#include <torch/torch.h>

#include <cstdint>

#include "models/policy/environment.h"
#include "models/policy/market_batch.h"
#include "trainer/learning/saved_state.h"

namespace giot::trainer {

// Rows `index` [N] of a batch, in that order; a copy.
policy::MarketBatch Select(const policy::MarketBatch& markets, const torch::Tensor& index);

// What a simulator answered: the rewards [B] of levels [B, C K] in B markets.
struct Experience {
  policy::MarketBatch markets;
  torch::Tensor levels;
  torch::Tensor rewards;
};

// Levels uniform in [-1, 1], 0 on padding, in training markets of `environment`.
Experience UniformExperience(const policy::Environment& environment, std::int64_t count, torch::Device device);

// The last `capacity` experiences, a ring on the device of what is added.
class ReplayBuffer {
 public:
  // For experiences like `example`, whose values do not matter. Requires capacity >= 1.
  ReplayBuffer(std::int64_t capacity, const Experience& example);
  ReplayBuffer(const ReplayBuffer&) = delete;
  ReplayBuffer& operator=(const ReplayBuffer&) = delete;

  // Overwrites the oldest where the ring is full. At most `capacity` at a time; no gradient
  // is kept.
  void Add(const Experience& experience);

  // `count` draws with replacement, from the device's default generator. Must not be empty.
  Experience Sample(std::int64_t count) const;

  std::int64_t size() const { return size_; }

  // Makes the contents part of `state`.
  void AddTo(SavedState& state);

 private:
  std::int64_t capacity_;
  Experience rows_;        // [capacity, ...] each.
  std::int64_t next_ = 0;  // Row that is written next.
  std::int64_t size_ = 0;  // Rows that hold an experience.
};

}  // namespace giot::trainer
