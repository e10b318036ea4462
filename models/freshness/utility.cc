#include "models/freshness/utility.h"

#include <cstddef>

#include "models/freshness/item_table.h"
#include "models/freshness/pay_tree.h"

namespace giot::freshness {
namespace {

using PerItem = std::array<double, kMaxItems>;

std::size_t Index(int value) { return static_cast<std::size_t>(value); }

PerItem Shares(const FreshnessMarket& market, const Menu& menu) {
  PerItem share{};
  for (int t = 0; t < market.types(); ++t) {
    if (menu.choice(t) != kOptsOut) share[Index(menu.choice(t))] += market.probabilities()[Index(t)];
  }
  return share;
}

void AddValueSlopes(const FreshnessMarket& market, const Menu& menu, const PerItem& share, MenuGradient& gradient) {
  for (int j = 0; j < menu.size(); ++j) {
    const Item& item = menu[j];
    const double quality_slope = market.value_scale() * market.value_rate() * market.Freshness(item.update_rate) /
                                 (1.0 + market.value_rate() * item.quality);
    const double offset_rate = item.update_rate + kAgeOffset;
    const double update_slope =
        market.Value(item.quality, item.update_rate) * market.staleness_rate() / (offset_rate * offset_rate);
    gradient.quality[Index(j)] += share[Index(j)] * quality_slope;
    gradient.update_rate[Index(j)] += share[Index(j)] * update_slope;
  }
}

// A reward is paid to the takers of an item and, on top of their own, to those of
// all items that hang on it.
void SubtractPaySlopes(const FreshnessMarket& market, const Menu& menu, PerItem paid, MenuGradient& gradient) {
  const PayTree tree = FindPayTree(market, ItemTable(market, menu.items()), menu.selection());
  for (int place = menu.size() - 1; place >= 0; --place) {
    const std::size_t item = Index(tree.order[Index(place)]);
    const std::size_t taker = Index(tree.taker[item]);
    const double sensing = paid[item] * market.sensing_costs()[taker];
    const double update = paid[item] * market.update_costs()[taker];
    gradient.quality[item] -= sensing;
    gradient.update_rate[item] -= update;
    if (tree.parent[item] == kOptsOut) continue;
    const std::size_t parent = Index(tree.parent[item]);
    gradient.quality[parent] += sensing;
    gradient.update_rate[parent] += update;
    paid[parent] += paid[item];
  }
}

}  // namespace

double Utility(const FreshnessMarket& market, const Menu& menu) {
  const PerItem share = Shares(market, menu);
  double utility = 0.0;
  for (int j = 0; j < menu.size(); ++j) {
    utility += share[Index(j)] * (market.Value(menu[j].quality, menu[j].update_rate) - menu[j].reward);
  }
  return utility;
}

double UtilityAndGradient(const FreshnessMarket& market, const Menu& menu, MenuGradient& gradient) {
  gradient = {};
  const PerItem share = Shares(market, menu);
  AddValueSlopes(market, menu, share, gradient);
  SubtractPaySlopes(market, menu, share, gradient);
  return Utility(market, menu);
}

}  // namespace giot::freshness
