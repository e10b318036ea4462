#pragma once

#include <cstdint>
#include <vector>

#include "absl/time/time.h"
#include "models/contract/menu.h"
#include "models/contract/screening_market.h"

namespace giot::client {

// What came of one method's menus, one vehicle at a time. Money is per vehicle,
// also of those that opt out. Not thread-safe: one a thread, then Add them up.
class FleetTally {
 public:
  // A vehicle of private type `type` is handed `menu`, which took `latency` to
  // get, and chooses. `optimum` is the market's exact utility per vehicle.
  void AddVehicle(const contract::ScreeningMarket& market, const contract::PostedMenu& menu, int type, double optimum,
                  absl::Duration latency);
  void Add(const FleetTally& other);

  std::int64_t vehicles() const { return vehicles_; }
  double Participation() const { return Mean(static_cast<double>(participants_)); }
  double TruthfulShare() const { return Mean(static_cast<double>(truthful_)); }
  bool AllTruthful() const { return truthful_ == vehicles_; }
  double VehicleUtility() const { return Mean(vehicle_utility_); }
  // What these vehicles' choices were worth to the server, and what the menus
  // promise in expectation over types.
  double ServerUtility() const { return Mean(server_utility_); }
  double ExpectedServerUtility() const { return Mean(expected_utility_); }
  // Expected utility over the exact optimum's, all markets together, and in the
  // worst market; markets whose optimum is not positive have no share of their own.
  double ShareOfOptimum() const;
  double WorstShareOfOptimum() const { return worst_share_; }
  // Largest latency of the fastest `share` of the calls.
  absl::Duration Latency(double share) const;

 private:
  double Mean(double sum) const { return vehicles_ == 0 ? 0.0 : sum / static_cast<double>(vehicles_); }

  std::int64_t vehicles_ = 0;
  std::int64_t participants_ = 0;
  std::int64_t truthful_ = 0;
  double vehicle_utility_ = 0.0;
  double server_utility_ = 0.0;
  double expected_utility_ = 0.0;
  double optimum_ = 0.0;
  double worst_share_ = 1.0;
  std::vector<double> latencies_us_;
};

}  // namespace giot::client
