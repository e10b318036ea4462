#include "models/freshness/pack.h"

#include <algorithm>
#include <iterator>

namespace giot::freshness {

static_assert(kGlobalColumns == kUpdateCosts + kMaxTypes);

contract::PackedMarket Pack(const FreshnessMarket& market) {
  const FreshnessMarket normal = market.Normalized();
  contract::PackedMarket packed;
  packed.types = normal.types();
  packed.globals = kGlobalColumns;
  std::fill(std::begin(packed.cost_types), std::end(packed.cost_types), 1.0F);
  std::copy(normal.sensing_costs().begin(), normal.sensing_costs().end(), packed.cost_types);
  std::copy(normal.probabilities().begin(), normal.probabilities().end(), packed.probabilities);
  packed.global[kValueScale] = static_cast<float>(normal.value_scale());
  packed.global[kValueRate] = static_cast<float>(normal.value_rate());
  packed.global[kStalenessRate] = static_cast<float>(normal.staleness_rate());
  std::fill_n(packed.global + kUpdateCosts, kMaxTypes, 1.0F);
  std::copy(normal.update_costs().begin(), normal.update_costs().end(), packed.global + kUpdateCosts);
  return packed;
}

contract::MarketTraits Traits(const FreshnessMarket& market) {
  const FreshnessMarket normal = market.Normalized();
  const auto least = [](absl::Span<const double> values) { return *std::min_element(values.begin(), values.end()); };
  const absl::Span<const double> updates = normal.update_costs();
  return {{"types", static_cast<double>(normal.types())},
          {"first_sensing", least(normal.sensing_costs())},
          {"first_update", least(updates)},
          {"last_update", *std::max_element(updates.begin(), updates.end())},
          {"value_scale", normal.value_scale()},
          {"value_rate", normal.value_rate()},
          {"staleness_rate", normal.staleness_rate()},
          {"probability_min", least(normal.probabilities())}};
}

}  // namespace giot::freshness
