#include "models/freshness/withdraw.h"

#include <array>
#include <cstddef>
#include <limits>

#include "models/freshness/self_selection.h"

namespace giot::freshness {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

int LeastEarner(const FreshnessMarket& market, const ItemTable& items, const Selection& selection) {
  std::array<double, kMaxTypes> share{};
  for (std::size_t t = 0; t < static_cast<std::size_t>(market.types()); ++t) {
    if (selection[t] != kOptsOut) share[static_cast<std::size_t>(selection[t])] += market.probabilities()[t];
  }
  int least = kOptsOut;
  double least_earned = 0.0;
  for (int j = 0; j < items.size(); ++j) {
    const double picked = share[static_cast<std::size_t>(j)];
    const double earned = picked * (items.value(j) - items.reward(j));
    if (picked == 0.0 || (least != kOptsOut && !(earned < least_earned))) continue;
    least_earned = earned;
    least = j;
  }
  return least;
}

}  // namespace

void WithdrawLeastEarner(const FreshnessMarket& market, double tie, ItemTable& items, Selection& selection) {
  items.set_reward(LeastEarner(market, items, selection), -kInfinity);
  selection = SelfSelect(market, items, tie);
}

}  // namespace giot::freshness
