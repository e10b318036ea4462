#pragma once

#include <cstdint>
#include <vector>

#include "models/freshness/feasible_decode.h"
#include "models/freshness/freshness_market.h"
#include "models/freshness/menu.h"

namespace giot::freshness {

// A valid market to start from; tests change what they are about.
struct MarketFixture {
  std::vector<double> sensing_costs = {0.25, 0.5, 1.0};
  std::vector<double> update_costs = {0.5, 0.25, 1.0};
  std::vector<double> probabilities = {0.25, 0.5, 0.25};
  double value_scale = 1.0;
  double value_rate = 10.0;
  double staleness_rate = 0.25;
  std::int64_t vehicles = 1;

  absl::StatusOr<FreshnessMarket> Create() const {
    return FreshnessMarket::Create(
        {sensing_costs, update_costs, probabilities, value_scale, value_rate, staleness_rate, vehicles});
  }
};

// steps x steps types on even ladders from 1 / steps to 1, equally probable.
inline MarketFixture EvenLadders(int steps) {
  MarketFixture fixture;
  fixture.sensing_costs.clear();
  fixture.update_costs.clear();
  for (int i = 1; i <= steps; ++i) {
    for (int j = 1; j <= steps; ++j) {
      fixture.sensing_costs.push_back(static_cast<double>(i) / steps);
      fixture.update_costs.push_back(static_cast<double>(j) / steps);
    }
  }
  fixture.probabilities.assign(fixture.sensing_costs.size(), 1.0 / static_cast<double>(fixture.sensing_costs.size()));
  return fixture;
}

// One item a type, which each strictly prefers: the best reply to the strictly
// convex rents ((2 - theta)^2 + (2 - delta)^2) / 4 is their slope, q = (2 - theta) / 2
// and f = (2 - delta) / 2. Costs are at most 1.
inline std::vector<Item> OneItemForEachType(const FreshnessMarket& market) {
  std::vector<Item> items;
  for (std::size_t t = 0; t < static_cast<std::size_t>(market.types()); ++t) {
    const double quality = (2.0 - market.sensing_costs()[t]) / 2.0;
    const double update_rate = (2.0 - market.update_costs()[t]) / 2.0;
    const double rent = quality * quality + update_rate * update_rate;
    items.push_back({quality, update_rate, rent + market.Cost(static_cast<int>(t), quality, update_rate)});
  }
  return items;
}

}  // namespace giot::freshness
