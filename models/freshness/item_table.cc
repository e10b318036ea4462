#include "models/freshness/item_table.h"

#include <algorithm>

namespace giot::freshness {

ItemTable::ItemTable(const FreshnessMarket& market, absl::Span<const Item> items)
    : size_(static_cast<int>(items.size())) {
  for (int j = 0; j < size_; ++j) {
    const Item& item = items[Index(j)];
    quality_[Index(j)] = item.quality;
    update_rate_[Index(j)] = item.update_rate;
    reward_[Index(j)] = item.reward;
    value_[Index(j)] = market.Value(item.quality, item.update_rate);
    origin_[Index(j)] = j;
  }
  TypeLanes sensing_cost{};
  TypeLanes update_cost{};
  std::copy(market.sensing_costs().begin(), market.sensing_costs().end(), sensing_cost.begin());
  std::copy(market.update_costs().begin(), market.update_costs().end(), update_cost.begin());
  FillCosts(sensing_cost, update_cost, quality_.data(), update_rate_.data(), size_, costs_.data());
}

void ItemTable::KeepPicked(Selection& selection) {
  std::array<int, kMaxTypes + 1> place{};  // New index of item j at j + 1; opting out is at 0.
  for (const int choice : selection) place[Index(choice + 1)] = 1;
  place[0] = kOptsOut;
  int kept = 0;
  for (int j = 0; j < size_; ++j) {
    if (place[Index(j + 1)] == 0) continue;
    if (kept != j) Move(j, kept);
    place[Index(j + 1)] = kept++;
  }
  if (kept == size_) return;
  size_ = kept;
  for (int& choice : selection) choice = place[Index(choice + 1)];
}

void ItemTable::Move(int from, int to) {
  quality_[Index(to)] = quality_[Index(from)];
  update_rate_[Index(to)] = update_rate_[Index(from)];
  reward_[Index(to)] = reward_[Index(from)];
  value_[Index(to)] = value_[Index(from)];
  origin_[Index(to)] = origin_[Index(from)];
  costs_[Index(to)] = costs_[Index(from)];
}

}  // namespace giot::freshness
