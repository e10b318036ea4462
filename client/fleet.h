#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "absl/status/statusor.h"
#include "client/fleet_tally.h"
#include "models/contract/menu.h"
#include "models/contract/screening_market.h"

namespace giot::client {

// A market and the vehicles that pass by, with their private types.
struct FleetMarket {
  contract::ScreeningMarket market;
  std::uint64_t seed = 0;  // For the menu: all its vehicles are handed the same one.
  double optimum = 0.0;    // Exact utility per vehicle.
  std::vector<int> vehicle_types;
};

// `vehicles` in all over `markets` markets of the training distribution, as
// evenly as they divide. The same seed gives the same fleet.
// Requires 1 <= markets <= vehicles.
std::vector<FleetMarket> DrawFleet(int markets, int vehicles, std::uint64_t seed);

// One vehicle that passes by.
struct Errand {
  const FleetMarket* market = nullptr;
  int type = 0;
};

// All vehicles of the fleet, which outlives them. Markets take turns, as vehicles of many roads would come.
std::vector<Errand> Interleave(const std::vector<FleetMarket>& fleet);

// Where a vehicle gets its menu. `worker` is below the number of workers;
// called by one thread a worker at a time.
using MenuSource = std::function<absl::StatusOr<contract::PostedMenu>(const FleetMarket& market, int worker)>;

// Lets every vehicle ask for its market's menu, `workers` at a time, and choose.
// Fails with the first error of a source, and then asks no more.
absl::StatusOr<FleetTally> RunFleet(const std::vector<FleetMarket>& fleet, int workers, const MenuSource& source);

// What to compare a learned menu with; these need no server.
absl::StatusOr<contract::PostedMenu> PostedOptimum(const contract::ScreeningMarket& market);
absl::StatusOr<contract::PostedMenu> PostedPooling(const contract::ScreeningMarket& market);

}  // namespace giot::client
