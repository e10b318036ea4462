#pragma once

#include <array>
#include <cstddef>

#include "absl/types/span.h"
#include "models/freshness/freshness_market.h"
#include "models/freshness/lane_kernels.h"
#include "models/freshness/menu.h"

namespace giot::freshness {

// The reward of each item of a table, money.
using ItemRewards = std::array<double, kMaxTypes>;

// Up to kMaxTypes items as the hot path wants them: column by column, with what
// each is worth to the server and costs every type. Only the first size() entries
// are initialised.
class ItemTable {
 public:
  // Requires at most kMaxTypes items.
  ItemTable(const FreshnessMarket& market, absl::Span<const Item> items);

  int size() const { return size_; }
  Item item(int j) const { return {quality_[Index(j)], update_rate_[Index(j)], reward_[Index(j)]}; }
  // V(q_j, f_j), money.
  double value(int j) const { return value_[Index(j)]; }
  double reward(int j) const { return reward_[Index(j)]; }
  void set_reward(int j, double reward) { reward_[Index(j)] = reward; }
  void SetRewards(const ItemRewards& rewards) { reward_ = rewards; }
  // theta_t q_j + delta_t f_j, money.
  double cost(int j, int type) const { return costs_[Index(j)][Index(type)]; }
  // Where item j was in the span that the table was made of.
  int origin(int j) const { return origin_[Index(j)]; }

  // As the lane kernels take them.
  const double* rewards() const { return reward_.data(); }
  const TypeLanes* costs() const { return costs_.data(); }

  // Removes the items that nobody picks. The rest keep their order, and `selection`
  // its meaning.
  void KeepPicked(Selection& selection);

 private:
  static std::size_t Index(int j) { return static_cast<std::size_t>(j); }
  void Move(int from, int to);

  int size_;
  std::array<double, kMaxTypes> quality_;
  std::array<double, kMaxTypes> update_rate_;
  ItemRewards reward_;
  std::array<double, kMaxTypes> value_;
  std::array<int, kMaxTypes> origin_;
  std::array<TypeLanes, kMaxTypes> costs_;
};

}  // namespace giot::freshness
