#include "client/fleet.h"

#include <atomic>
#include <cstddef>
#include <random>
#include <thread>

#include "absl/random/distributions.h"
#include "absl/time/clock.h"
#include "client/vehicle.h"
#include "models/contract/baselines.h"
#include "models/contract/exact.h"
#include "models/contract/market_sampler.h"
#include "models/contract/post.h"

namespace giot::client {
namespace {

// The same market for so many vehicles; the budget grows with them.
contract::ScreeningMarket ForVehicles(const contract::ScreeningMarket& market, int vehicles) {
  contract::ScreeningMarketSpec spec;
  spec.cost_types = market.cost_types();
  spec.probabilities = market.probabilities();
  spec.value_scale = market.value_scale();
  spec.value_rate = market.value_rate();
  spec.cost_curvature = market.cost_curvature();
  spec.quality_min = market.quality_min();
  spec.quality_max = market.quality_max();
  spec.vehicles = vehicles;
  if (market.budget_per_vehicle()) spec.budget = *market.budget_per_vehicle() * vehicles;
  // A sampled budget buys more than q_min, so a rounding error cannot void it.
  return *contract::ScreeningMarket::Create(spec);
}

// The part of one worker: every `step`-th errand.
absl::Status Work(const std::vector<Errand>& errands, int worker, int step, const MenuSource& source,
                  std::atomic<bool>& stop, FleetTally& tally) {
  for (auto i = static_cast<std::size_t>(worker); i < errands.size() && !stop; i += static_cast<std::size_t>(step)) {
    const auto& [market, type] = errands[i];
    const absl::Time start = absl::Now();
    const absl::StatusOr<contract::PostedMenu> menu = source(*market, worker);
    const absl::Duration latency = absl::Now() - start;
    if (!menu.ok()) {
      stop = true;
      return menu.status();
    }
    tally.AddVehicle(market->market, *menu, type, market->optimum, latency);
  }
  return absl::OkStatus();
}

}  // namespace

std::vector<FleetMarket> DrawFleet(int markets, int vehicles, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<FleetMarket> fleet;
  for (int m = 0; m < markets; ++m) {
    const int passing = vehicles / markets + (m < vehicles % markets ? 1 : 0);
    const contract::ScreeningMarket market = ForVehicles(contract::SampleMarket({}, random), passing);
    const std::uint64_t menu_seed = absl::Uniform<std::uint64_t>(random);
    fleet.push_back({.market = market,
                     .seed = menu_seed,
                     .optimum = contract::SolveExact(market).utility_per_vehicle,
                     .vehicle_types = DrawTypes(market, passing, random)});
  }
  return fleet;
}

std::vector<Errand> Interleave(const std::vector<FleetMarket>& fleet) {
  std::vector<Errand> errands;
  for (std::size_t v = 0; v < fleet.front().vehicle_types.size(); ++v) {
    for (const FleetMarket& market : fleet) {
      if (v < market.vehicle_types.size()) errands.push_back({&market, market.vehicle_types[v]});
    }
  }
  return errands;
}

absl::StatusOr<FleetTally> RunFleet(const std::vector<FleetMarket>& fleet, int workers, const MenuSource& source) {
  const std::vector<Errand> errands = Interleave(fleet);
  const auto count = static_cast<std::size_t>(workers);
  std::vector<FleetTally> tallies(count);
  std::vector<absl::Status> statuses(count);
  std::atomic<bool> stop = false;
  std::vector<std::thread> threads;
  for (std::size_t w = 0; w < count; ++w) {
    threads.emplace_back(
        [&, w] { statuses[w] = Work(errands, static_cast<int>(w), workers, source, stop, tallies[w]); });
  }
  for (std::thread& thread : threads) thread.join();
  FleetTally total;
  for (std::size_t w = 0; w < count; ++w) {
    if (!statuses[w].ok()) return statuses[w];
    total.Add(tallies[w]);
  }
  return total;
}

absl::StatusOr<contract::PostedMenu> PostedOptimum(const contract::ScreeningMarket& market) {
  return contract::Post(market, contract::SolveExact(market).menu);
}

absl::StatusOr<contract::PostedMenu> PostedPooling(const contract::ScreeningMarket& market) {
  return contract::Post(market, contract::PoolingMenu(market));
}

}  // namespace giot::client
