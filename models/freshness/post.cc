#include "models/freshness/post.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "models/freshness/item_table.h"
#include "models/freshness/reward_graph.h"
#include "models/freshness/self_selection.h"
#include "models/freshness/withdraw.h"

namespace giot::freshness {
namespace {

constexpr double kMicro = 1e6;
constexpr double kLargestReward = 9007199254740992.0;  // 2^53 micro-units.
// Bonuses tried on profitable items: 1, 2, 4, ... micro-units.
constexpr int kAttempts = 10;

std::size_t Index(int value) { return static_cast<std::size_t>(value); }

std::int64_t ToMicros(double amount) { return std::llround(amount * kMicro); }

using RoundedItems = std::array<Item, kMaxItems>;

RoundedItems RoundToGrid(const Menu& menu) {
  RoundedItems items;
  for (int j = 0; j < menu.size(); ++j) {
    items[Index(j)] = {static_cast<double>(ToMicros(menu[j].quality)) / kMicro,
                       static_cast<double>(ToMicros(menu[j].update_rate)) / kMicro, menu[j].reward};
  }
  return items;
}

// The first item that is equal to `item` on the grid; nothing at all is opting out.
int FirstEqual(const RoundedItems& items, int item) {
  const Item& own = items[Index(item)];
  if (own.quality == 0.0 && own.update_rate == 0.0) return kOptsOut;
  int first = 0;
  while (items[Index(first)].quality != own.quality || items[Index(first)].update_rate != own.update_rate) ++first;
  return first;
}

class Poster {
 public:
  Poster(const FreshnessMarket& market, const Menu& menu, const RoundedItems& rounded)
      : market_(market),
        guard_(1e-6 + 1e-14 * kMicro * market.money_scale()),
        items_(market, {rounded.data(), Index(menu.size())}),
        selection_(menu.selection()) {
    for (int& choice : selection_) {
      if (choice != kOptsOut) choice = FirstEqual(rounded, choice);
    }
    items_.KeepPicked(selection_);
  }

  PostedMenu Run() {
    RewardGraph::Rewards rewards;
    while (!FindStrictRewards(rewards) && !(SelectAnew() && FindStrictRewards(rewards))) {
      WithdrawLeastEarner(market_, kTieTolerance * market_.money_scale(), items_, selection_);
      items_.KeepPicked(selection_);
    }
    return ToMenu(rewards);
  }

 private:
  bool FindStrictRewards(RewardGraph::Rewards& rewards) const {
    RewardGraph graph(market_, items_, selection_);
    graph.RoundUp(1.0 / kMicro, guard_);
    return graph.FindLongestPaths(0.0, rewards);
  }

  // Lets types pick at rewards that they can clearly tell apart, which then
  // implement what they pick strictly. False if none are found.
  bool SelectAnew() {
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
      Selection picked;
      picked.fill(kOptsOut);
      if (!PickClearly(std::ldexp(1.0, attempt), picked)) continue;
      selection_ = picked;
      items_.KeepPicked(selection_);
      return true;
    }
    return false;
  }

  bool PickClearly(double bonus, Selection& picked) const {
    std::array<double, kMaxItems> reward;
    for (int j = 0; j < items_.size(); ++j) {
      reward[Index(j)] = std::round(items_.reward(j) * kMicro) + bonus * Rank(j);
    }
    for (int t = 0; t < market_.types(); ++t) {
      double best = 0.0;
      double second = -std::numeric_limits<double>::infinity();
      for (int j = 0; j < items_.size(); ++j) {
        const double utility = reward[Index(j)] - items_.cost(j, t) * kMicro;
        second = std::max(second, std::min(utility, best));
        if (utility <= best) continue;
        best = utility;
        picked[Index(t)] = j;
      }
      if (best - second <= 2.0 * guard_) return false;
    }
    return true;
  }

  // 1 for the item that earns the server least, and so on up.
  int Rank(int item) const {
    const auto gain = [this](int j) { return items_.value(j) - items_.reward(j); };
    int rank = 1;
    for (int j = 0; j < items_.size(); ++j) {
      if (gain(j) < gain(item) || (gain(j) == gain(item) && j > item)) ++rank;
    }
    return rank;
  }

  PostedMenu ToMenu(const RewardGraph::Rewards& rewards) const {
    PostedMenu posted(items_.size());
    for (int j = 0; j < items_.size(); ++j) {
      posted[j] = {ToMicros(items_.item(j).quality), ToMicros(items_.item(j).update_rate),
                   std::llround(rewards[Index(j) + 1])};
    }
    for (int t = 0; t < market_.types(); ++t) posted.set_choice(t, selection_[Index(t)]);
    return posted;
  }

  const FreshnessMarket& market_;
  double guard_;  // Micro-units: what two ways to compute a utility may differ by.
  ItemTable items_;
  Selection selection_;
};

}  // namespace

absl::StatusOr<PostedMenu> Post(const FreshnessMarket& market, const Menu& menu) {
  const double largest = market.money_scale() * kMicro;
  if (largest * (1.0 + 1e-6) + 2.0 * kMaxItems > kLargestReward) {
    return absl::OutOfRangeError(absl::StrCat("sensing_costs, update_costs: rewards up to ", largest,
                                              " micro-units, want at most 2^53; use a larger unit of money"));
  }
  return Poster(market, menu, RoundToGrid(menu)).Run();
}

}  // namespace giot::freshness
