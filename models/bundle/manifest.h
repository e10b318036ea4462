#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "models/contract/screening_market.h"

namespace giot::bundle {

inline constexpr int kFormatVersion = 1;
inline constexpr int kMaxSteps = 16;    // T
inline constexpr int kMaxHidden = 512;  // H

struct Range {
  double min = 0.0;
  double max = 0.0;
};

// Markets that the policy was trained for, in normalised money (theta_K = 1).
struct MarketRanges {
  Range types;           // K
  Range first_type;      // theta_1 / theta_K
  Range value_scale;     // omega / theta_K
  Range value_rate;      // a
  Range cost_curvature;  // kappa
  Range quality_min;
  Range quality_max;
  Range budget_quality;  // Quality that the budget buys from everybody, over q_min.
  double probability_min = 0.0;
  double spacing_min = 0.0;  // min (theta_{k+1} - theta_k) / theta_K
};

// nullopt if `market` lies within; else which field is outside, what it is and
// what the range is. A budget that cannot bind is inside.
std::optional<std::string> OutsideRanges(const MarketRanges& ranges, const contract::ScreeningMarket& market);

// manifest.json: what a bundle is and how it came about. FORMAT.md has the
// fields' meaning on disk.
struct Manifest {
  int format_version = kFormatVersion;
  std::string family = "screening";
  std::string name;
  int version = 0;  // Positive; the folder's name.
  MarketRanges ranges;
  int hidden = 0;
  int steps = 0;
  std::int64_t parameters = 0;
  std::map<std::string, std::string> sha256;  // File name -> lower-case hex digest.
  std::string training_command;
  std::uint64_t seed = 0;
  std::map<std::string, double> metrics;
  std::string trainer_version;
};

std::string ToJson(const Manifest& manifest);

// InvalidArgument naming the field if JSON is malformed, a field is missing,
// unknown or out of range; FailedPrecondition if the format version is not
// supported (also when it is newer).
absl::StatusOr<Manifest> ParseManifest(std::string_view json);

}  // namespace giot::bundle
