#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"
#include "models/freshness/freshness_market.h"

namespace giot::freshness {

struct Item {
  double quality = 0.0;      // Sensing quality the vehicle promises, in [0, 1].
  double update_rate = 0.0;  // How often it promises to update, in [0, 1].
  double reward = 0.0;       // Money paid for delivering both.
};

// A contract as it is posted, certified, signed and paid: integers only.
struct PostedItem {
  std::int64_t quality_micros = 0;      // In 1e-6 of quality.
  std::int64_t update_rate_micros = 0;  // In 1e-6 of the update rate.
  std::int64_t reward_micros = 0;       // In micro-units of money.
  friend bool operator==(const PostedItem&, const PostedItem&) = default;
};

// The choice of a type that takes no item.
inline constexpr int kOptsOut = -1;

// The index of the item that each type picks, or kOptsOut.
using Selection = std::array<int, kMaxTypes>;

// Items in any order, none meant for one type alone, and the item that each type
// is designed to pick. Nothing here enforces that it does (Audit does). Fixed
// capacity, no heap.
template <typename ItemType>
class BasicMenu {
 public:
  BasicMenu() { selection_.fill(kOptsOut); }
  // Requires 0 <= size <= kMaxItems. Every type opts out.
  explicit BasicMenu(int size) : BasicMenu() { size_ = size; }

  int size() const { return size_; }
  ItemType& operator[](int item) { return items_[static_cast<std::size_t>(item)]; }
  const ItemType& operator[](int item) const { return items_[static_cast<std::size_t>(item)]; }
  absl::Span<const ItemType> items() const { return {items_.data(), static_cast<std::size_t>(size_)}; }

  // The item designed for `type`, in 0..size() - 1, or kOptsOut.
  int choice(int type) const { return selection_[static_cast<std::size_t>(type)]; }
  void set_choice(int type, int item) { selection_[static_cast<std::size_t>(type)] = item; }
  const Selection& selection() const { return selection_; }

 private:
  int size_ = 0;
  std::array<ItemType, kMaxItems> items_{};
  Selection selection_{};
};

using Menu = BasicMenu<Item>;
using PostedMenu = BasicMenu<PostedItem>;

}  // namespace giot::freshness
