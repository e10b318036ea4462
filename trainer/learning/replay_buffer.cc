#include "trainer/learning/replay_buffer.h"

#include <algorithm>
#include <cstdlib>

namespace giot::trainer {
namespace {

using policy::MarketBatch;
using torch::Tensor;

Tensor Room(std::int64_t capacity, const Tensor& example) {
  std::vector<std::int64_t> sizes = example.sizes().vec();
  sizes[0] = capacity;
  return torch::zeros(sizes, example.options());
}

}  // namespace

MarketBatch Select(const MarketBatch& markets, const Tensor& index) {
  return {markets.cost_types.index_select(0, index), markets.probabilities.index_select(0, index),
          markets.mask.index_select(0, index), markets.globals.index_select(0, index)};
}

Experience UniformExperience(const policy::Environment& environment, std::int64_t count, torch::Device device) {
  const MarketBatch markets = environment.Generate(count, device);
  const Tensor mask = markets.mask.repeat({1, environment.shape().channels});
  const Tensor levels = (2 * torch::rand_like(mask) - 1) * mask;
  return {markets, levels, environment.Reward(markets, levels)};
}

ReplayBuffer::ReplayBuffer(std::int64_t capacity, const Experience& example)
    : capacity_(capacity),
      rows_{{Room(capacity, example.markets.cost_types), Room(capacity, example.markets.probabilities),
             Room(capacity, example.markets.mask), Room(capacity, example.markets.globals)},
            Room(capacity, example.levels),
            Room(capacity, example.rewards)} {}

void ReplayBuffer::Add(const Experience& experience) {
  const std::int64_t count = experience.rewards.size(0);
  if (count > capacity_) std::abort();
  const torch::NoGradGuard no_grad;
  const Tensor index =
      torch::arange(next_, next_ + count, experience.rewards.options().dtype(torch::kLong)).remainder(capacity_);
  rows_.markets.cost_types.index_copy_(0, index, experience.markets.cost_types);
  rows_.markets.probabilities.index_copy_(0, index, experience.markets.probabilities);
  rows_.markets.mask.index_copy_(0, index, experience.markets.mask);
  rows_.markets.globals.index_copy_(0, index, experience.markets.globals);
  rows_.levels.index_copy_(0, index, experience.levels);
  rows_.rewards.index_copy_(0, index, experience.rewards);
  next_ = (next_ + count) % capacity_;
  size_ = std::min(size_ + count, capacity_);
}

Experience ReplayBuffer::Sample(std::int64_t count) const {
  const Tensor index = torch::randint(size_, {count}, rows_.rewards.options().dtype(torch::kLong));
  return {Select(rows_.markets, index), rows_.levels.index_select(0, index), rows_.rewards.index_select(0, index)};
}

void ReplayBuffer::AddTo(SavedState& state) {
  state.Add("replay_cost_types", rows_.markets.cost_types);
  state.Add("replay_probabilities", rows_.markets.probabilities);
  state.Add("replay_mask", rows_.markets.mask);
  state.Add("replay_globals", rows_.markets.globals);
  state.Add("replay_levels", rows_.levels);
  state.Add("replay_rewards", rows_.rewards);
  state.Add("replay_next", next_);
  state.Add("replay_size", size_);
}

}  // namespace giot::trainer
