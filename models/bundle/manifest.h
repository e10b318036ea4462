#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "models/bundle/family.h"
#include "models/contract/market_traits.h"

namespace giot::bundle {

inline constexpr int kFormatVersion = 2;  // As written; version 1 is read too.
inline constexpr int kMaxSteps = 16;      // T
inline constexpr int kMaxHidden = 512;    // H

struct Range {
  double min = 0.0;
  double max = 0.0;  // Infinity where there is no upper bound.
};

// Markets that the policy was trained for, by the names of contract::MarketTraits.
struct MarketRanges {
  std::map<std::string, Range, std::less<>> of;
};

// nullopt if all traits of a market lie within; else which one is outside, what it is and
// what the range is. A trait without a range is outside; one that the market lacks (a
// budget that cannot bind) is not asked for.
std::optional<std::string> OutsideRanges(const MarketRanges& ranges, const contract::MarketTraits& traits);

// manifest.json: what a bundle is and how it came about. FORMAT.md has the
// fields' meaning on disk.
struct Manifest {
  Family family = Family::kScreening;
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

// In the newest format.
std::string ToJson(const Manifest& manifest);

// InvalidArgument naming the field if JSON is malformed, a field is missing,
// unknown or out of range, or the ranges are not those of the family's traits;
// FailedPrecondition if the format version is not supported (also when it is newer).
absl::StatusOr<Manifest> ParseManifest(std::string_view json);

}  // namespace giot::bundle
