#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "bench/anytime/held_out.h"

namespace giot::bench {

// The best that is known of one held-out market.
struct Reference {
  std::uint64_t checksum = 0;    // HeldOutMarket::checksum.
  double upper_bound = 0.0;      // Money a vehicle.
  double best_known = 0.0;       // Utility of the best menu found, money a vehicle.
  std::string method;            // What found it (FindBest).
  std::int64_t evaluations = 0;  // Spent on this market in all, by every run so far.
};

// A CSV file with a header, one line a market in the order of HeldOutMarkets:
//   index,checksum,upper_bound,best_known,method,evaluations
// checksum in 16 hexadecimal digits, numbers with all 17.
// NotFound if it cannot be opened; DataLoss, naming the line, if it is anything else.
absl::StatusOr<std::vector<Reference>> ReadReferences(const std::filesystem::path& path);

// Replaces the file at once, through `path`.new. Unknown if it cannot be written.
absl::Status WriteReferences(const std::vector<Reference>& references, const std::filesystem::path& path);

// FailedPrecondition unless the first references are about these markets, by their checksums.
absl::Status CheckSameMarkets(absl::Span<const std::unique_ptr<HeldOutMarket>> markets,
                              absl::Span<const Reference> references);

}  // namespace giot::bench
