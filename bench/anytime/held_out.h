#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "models/contract/packed_market.h"
#include "models/search/objective.h"

namespace giot::bench {

// How many held-out markets of a family have a stored reference.
inline constexpr std::size_t kHeldOutMarkets = 1000;

// A market whose optimum is not known, as searches and policies see it. Not copied:
// objectives point into it. One thread at a time.
class HeldOutMarket {
 public:
  virtual ~HeldOutMarket() = default;

  // A hash of its parameters in nine digits: whether two machines, or two versions of
  // abseil, mean the same market.
  virtual std::uint64_t checksum() const = 0;

  // No menu is worth more, money a vehicle; positive.
  virtual double upper_bound() const = 0;

  // What the levels of a policy are worth, money a vehicle.
  virtual search::Objective& objective() = 0;

  // The same for levels that state items directly; null where the family has no such form.
  virtual search::Objective* item_objective() { return nullptr; }

  // The item levels of the menu that a policy's levels decode to. Only where there are any.
  virtual std::vector<double> ItemLevels(absl::Span<const double> levels) const;

  // As a policy sees it.
  virtual contract::PackedMarket Pack() const = 0;
};

// The first `count` held-out markets of "uncertain" or "freshness": drawn from the family's
// training distribution by std::mt19937_64 from a fixed seed, less those whose upper
// bound is not positive. A market is the same whatever the count. InvalidArgument for
// another family.
absl::StatusOr<std::vector<std::unique_ptr<HeldOutMarket>>> HeldOutMarkets(const std::string& family,
                                                                           std::size_t count);

}  // namespace giot::bench
