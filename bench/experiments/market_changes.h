#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "models/contract/screening_market.h"

namespace giot::bench {

// A screening market of one vehicle as numbers that can be changed.
struct MarketNumbers {
  std::vector<double> cost_types;
  std::vector<double> probabilities;
  double value_scale = 0.0;
  double value_rate = 0.0;
  double cost_curvature = 0.0;
  double quality_min = 0.0;
  double quality_max = 1.0;
  std::optional<double> budget;  // Money a vehicle.

  static MarketNumbers Of(const contract::ScreeningMarket& market);

  // InvalidArgument as ScreeningMarket::Create.
  absl::StatusOr<contract::ScreeningMarket> ToMarket() const;
};

// The market as somebody announces it who knows the type distribution inexactly only:
// p_k becomes p_k exp(spread z_k), renormalised. `normals` z has a number a type.
contract::ScreeningMarket Misannounced(const contract::ScreeningMarket& market, double spread,
                                       absl::Span<const double> normals);

// One parameter pushed beyond what a model was trained for.
struct Shift {
  std::string name;  // E.g. "omega x 2".
  void (*apply)(MarketNumbers&);
};

// "none" first.
absl::Span<const Shift> Shifts();

// The shifted market. A budget that no longer buys 1.15 q_min from everybody, the least of
// training, is raised until it does.
contract::ScreeningMarket Shifted(const contract::ScreeningMarket& market, const Shift& shift);

}  // namespace giot::bench
