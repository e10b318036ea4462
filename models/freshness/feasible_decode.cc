#include "models/freshness/feasible_decode.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

namespace giot::freshness {
namespace {

// NaN counts as level 0.
double Share(double level) { return std::isnan(level) ? 0.5 : std::clamp(0.5 + 0.5 * level, 0.0, 1.0); }

}  // namespace

SettledMenu DecodeLevels(const FreshnessMarket& market, absl::Span<const double> levels) {
  const auto types = static_cast<std::size_t>(market.types());
  std::array<Item, kMaxTypes> candidates;
  for (std::size_t t = 0; t < types; ++t) {
    const int type = static_cast<int>(t);
    Item& item = candidates[t];
    item.quality = Share(levels[t]);
    item.update_rate = Share(levels[types + t]);
    item.reward =
        Share(levels[2 * types + t]) * market.LargestRent(type) + market.Cost(type, item.quality, item.update_rate);
  }
  return Settle(market, {candidates.data(), types});
}

SettledMenu DecodeItemLevels(const FreshnessMarket& market, absl::Span<const double> levels) {
  std::array<Item, kMaxItems> candidates;
  for (std::size_t j = 0; j < kMaxItems; ++j) {
    candidates[j].quality = Share(levels[j]);
    candidates[j].update_rate = Share(levels[kMaxItems + j]);
    candidates[j].reward = Share(levels[2 * kMaxItems + j]) * market.money_scale();
  }
  return Settle(market, candidates);
}

}  // namespace giot::freshness
