#pragma once

#include <array>
#include <cstdint>

#include "absl/types/span.h"
#include "models/uncertain/splitmix.h"
#include "models/uncertain/uncertain_market.h"

namespace giot::uncertain {

// Draws how many of M vehicles are of each type, n ~ Multinomial(M, p). Up to a few
// hundred vehicles one by one, each by Walker's alias method; more of them type by
// type, as binomials of what is left. Immutable.
class Multinomial {
 public:
  // `probabilities` positive, at most kMaxTypes, summing to 1 up to rounding;
  // 1 <= vehicles <= kMaxVehicles.
  Multinomial(std::int64_t vehicles, absl::Span<const double> probabilities);

  // [types], 0 beyond.
  std::array<std::int64_t, kMaxTypes> Draw(SplitMix64& random) const;

 private:
  // A vehicle drawn into slot k is of type k with chance stay / 2^32, else `other`.
  struct Slot {
    std::uint64_t stay;
    std::uint32_t other;
  };

  void BuildSlots();
  std::array<std::int64_t, kMaxTypes> DrawOneByOne(SplitMix64& random) const;
  std::array<std::int64_t, kMaxTypes> DrawTypeByType(SplitMix64& random) const;
  std::uint32_t TypeOf(std::uint64_t bits32) const;

  std::int64_t vehicles_;
  std::uint32_t types_;
  std::array<double, kMaxTypes> probabilities_{};
  std::array<Slot, kMaxTypes> slots_{};
};

// Successes in `trials` >= 0 trials of probability p in [0, 1]; exact up to rounding.
// Inversion where few are expected, else transformed rejection with squeeze (BTRS,
// Hormann: The generation of binomial random variates, 1993).
std::int64_t DrawBinomial(std::int64_t trials, double p, SplitMix64& random);

}  // namespace giot::uncertain
