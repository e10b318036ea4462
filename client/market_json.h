#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "models/contract/screening_market.h"

namespace giot::client {

// A market as somebody wrote it down: owns what a ScreeningMarketSpec points to.
struct MarketDescription {
  std::vector<double> cost_types;
  std::vector<double> probabilities;
  double value_scale = 0.0;
  double value_rate = 0.0;
  double cost_curvature = 0.0;
  double quality_min = 0.0;
  double quality_max = 1.0;
  std::int64_t vehicles = 1;
  std::optional<double> budget;  // For all vehicles together.
  bool allow_exclusion = false;

  // Valid while this description lives and its vectors keep their size.
  contract::ScreeningMarketSpec Spec() const;
};

// Reads a JSON object with the fields above. cost_types, probabilities,
// value_scale, value_rate and quality_min must be there; budget may be null.
// Checks form only: whether the numbers make a market is ScreeningMarket's to
// say. InvalidArgument naming the field that is missing, unknown or of another
// type, or the place where the text stops being JSON.
absl::StatusOr<MarketDescription> ParseMarketJson(absl::string_view text);

}  // namespace giot::client
