#include "models/freshness/settle.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "models/freshness/item_table.h"
#include "models/freshness/least_rewards.h"
#include "models/freshness/self_selection.h"
#include "models/freshness/withdraw.h"

namespace giot::freshness {
namespace {

std::size_t Index(int value) { return static_cast<std::size_t>(value); }

int CountPicked(const Selection& selection) {
  std::array<bool, kMaxTypes> picked{};
  for (const int choice : selection) {
    if (choice != kOptsOut) picked[Index(choice)] = true;
  }
  return static_cast<int>(std::count(picked.begin(), picked.end(), true));
}

// Lets types pick until at most kMaxItems are left, and keeps those.
Selection PickAtMostMaxItems(const FreshnessMarket& market, double tie, ItemTable& items) {
  Selection selection = SelfSelect(market, items, tie);
  items.KeepPicked(selection);
  while (CountPicked(selection) > kMaxItems) WithdrawLeastEarner(market, tie, items, selection);
  items.KeepPicked(selection);
  return selection;
}

double UtilityOf(const FreshnessMarket& market, const ItemTable& items, const Selection& selection,
                 const ItemRewards& rewards) {
  double utility = 0.0;
  for (int t = 0; t < market.types(); ++t) {
    const int picked = selection[Index(t)];
    if (picked == kOptsOut) continue;
    utility += market.probabilities()[Index(t)] * (items.value(picked) - rewards[Index(picked)]);
  }
  return utility;
}

SettledMenu ToMenu(const FreshnessMarket& market, const ItemTable& items, const Selection& selection, double utility) {
  SettledMenu settled;
  settled.menu = Menu(items.size());
  for (int j = 0; j < items.size(); ++j) {
    settled.menu[j] = items.item(j);
    settled.candidate[Index(j)] = items.origin(j);
  }
  for (int t = 0; t < market.types(); ++t) settled.menu.set_choice(t, selection[Index(t)]);
  settled.utility_per_vehicle = utility;
  return settled;
}

// Lets indifferent types move to what the server prefers, and lowers rewards to
// match, for as long as that pays: each round raises the utility, so it ends.
SettledMenu ResolveTies(const FreshnessMarket& market, double tie, ItemTable& items, Selection selection,
                        ItemRewards rewards) {
  double utility = UtilityOf(market, items, selection, rewards);
  for (;;) {
    items.SetRewards(rewards);
    items.KeepPicked(selection);
    Selection next = SelfSelect(market, items, tie);
    if (next == selection || !FindLeastRewards(market, items, next, rewards)) break;
    const double next_utility = UtilityOf(market, items, next, rewards);
    if (!(next_utility > utility)) break;
    selection = next;
    utility = next_utility;
  }
  return ToMenu(market, items, selection, utility);
}

}  // namespace

SettledMenu Settle(const FreshnessMarket& market, absl::Span<const Item> candidates) {
  const double tie = kTieTolerance * market.money_scale();
  ItemRewards rewards;
  ItemTable items(market, candidates);
  Selection selection = PickAtMostMaxItems(market, tie, items);
  if (!FindLeastRewards(market, items, selection, rewards)) {
    // Nearly equal is not equal: only a plain maximum is sure to be implementable.
    items = ItemTable(market, candidates);
    selection = PickAtMostMaxItems(market, 0.0, items);
    FindLeastRewards(market, items, selection, rewards);
  }
  return ResolveTies(market, tie, items, selection, rewards);
}

}  // namespace giot::freshness
