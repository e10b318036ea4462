#include "client/fleet_tally.h"

#include <algorithm>
#include <cstddef>

#include "client/quantile.h"
#include "client/vehicle.h"
#include "models/contract/audit.h"

namespace giot::client {
namespace {

double ServerUtilityOf(const contract::ScreeningMarket& market, const contract::PostedItem& item) {
  constexpr double kMicro = 1e6;
  return market.Value(static_cast<double>(item.quality_micros) / kMicro) -
         static_cast<double>(item.reward_micros) / kMicro;
}

}  // namespace

void FleetTally::AddVehicle(const contract::ScreeningMarket& market, const contract::PostedMenu& menu, int type,
                            double optimum, absl::Duration latency) {
  const double cost_type = market.cost_types()[static_cast<std::size_t>(type)];
  const int choice = ChooseItem(market, menu, cost_type);
  ++vehicles_;
  if (IsTruthful(menu, type, choice)) ++truthful_;
  if (choice != kOptOut) {
    ++participants_;
    vehicle_utility_ += client::VehicleUtility(market, menu[choice], cost_type);
    server_utility_ += ServerUtilityOf(market, menu[choice]);
  }
  const double expected = contract::Audit(market, menu).realised.utility_per_vehicle;
  expected_utility_ += expected;
  optimum_ += optimum;
  if (optimum > 0.0) worst_share_ = std::min(worst_share_, expected / optimum);
  latencies_us_.push_back(absl::ToDoubleMicroseconds(latency));
}

void FleetTally::Add(const FleetTally& other) {
  vehicles_ += other.vehicles_;
  participants_ += other.participants_;
  truthful_ += other.truthful_;
  vehicle_utility_ += other.vehicle_utility_;
  server_utility_ += other.server_utility_;
  expected_utility_ += other.expected_utility_;
  optimum_ += other.optimum_;
  worst_share_ = std::min(worst_share_, other.worst_share_);
  latencies_us_.insert(latencies_us_.end(), other.latencies_us_.begin(), other.latencies_us_.end());
}

double FleetTally::ShareOfOptimum() const { return optimum_ > 0.0 ? expected_utility_ / optimum_ : 0.0; }

absl::Duration FleetTally::Latency(double share) const { return absl::Microseconds(Quantile(latencies_us_, share)); }

}  // namespace giot::client
