#pragma once

#include <array>
#include <cstdint>

#include "absl/types/span.h"
#include "models/contract/screening_market.h"

namespace giot::contract {

struct Item {
  double quality = 0.0;  // Sensing quality the vehicle promises, in [0, 1].
  double reward = 0.0;   // Money paid for delivering it.
};

// A contract as it is posted, certified, signed and paid: integers only.
struct PostedItem {
  std::int64_t quality_micros = 0;  // In 1e-6 of quality.
  std::int64_t reward_micros = 0;   // In micro-units of money.
  friend bool operator==(const PostedItem&, const PostedItem&) = default;
};

// Items in order of type, item k designed for type k. A menu with fewer items
// than the market has types leaves the costliest ones out. Qualities and
// rewards are nonincreasing in a feasible menu; nothing here enforces it (Audit
// does). Fixed capacity, no heap.
template <typename ItemType>
class BasicMenu {
 public:
  BasicMenu() = default;
  // Requires 0 <= size <= kMaxTypes.
  explicit BasicMenu(int size) : size_(size) {}

  int size() const { return size_; }
  ItemType& operator[](int type) { return items_[static_cast<std::size_t>(type)]; }
  const ItemType& operator[](int type) const { return items_[static_cast<std::size_t>(type)]; }
  absl::Span<const ItemType> items() const { return {items_.data(), static_cast<std::size_t>(size_)}; }

 private:
  int size_ = 0;
  std::array<ItemType, kMaxTypes> items_{};
};

using Menu = BasicMenu<Item>;
using PostedMenu = BasicMenu<PostedItem>;

}  // namespace giot::contract
