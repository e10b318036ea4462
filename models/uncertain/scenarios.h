#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "models/uncertain/splitmix.h"
#include "models/uncertain/uncertain_market.h"

namespace giot::uncertain {

inline constexpr int kScenarios = 512;
// From one type's weights to the next one's. No multiple of a page: rows that are
// read together should not compete for the same lines of a cache.
inline constexpr int kScenarioStride = kScenarios + 8;

// What the server cannot know when it posts a menu: which vehicles come, and what
// they deliver of the quality they promise. Scenario s has weights
//   w_{s,k} = n_{s,k} g_{s,k} / M,
// n ~ Multinomial(M, p) vehicles a type, g ~ lognormal(-.045, .3) the delivered
// fraction (mean 1), drawn by its 4096 equally likely quantiles.
//
// They depend on (M, p) alone, through a generator of our own seeded by M and p
// rounded to 1e-9: every method judges a market, and the market in any unit of money,
// on the same ones, on every machine (up to the last digits of g).
// Immutable; copying copies the heap. Made in 50 us for 10 types and 20 vehicles, in
// half a millisecond for any number of them.
class Scenarios {
 public:
  explicit Scenarios(const UncertainMarket& market);

  int types() const { return static_cast<int>(rows_.size()); }
  // w_{., type}: contiguous, aligned to a cache line, kScenarioStride from type to type.
  absl::Span<const double> Weights(int type) const {
    return {rows_[static_cast<std::size_t>(type)].weights.data(), kScenarios};
  }
  // wbar_k = mean over scenarios of w_{s,k}, [types].
  absl::Span<const double> mean_weights() const { return {mean_weights_.data(), rows_.size()}; }

 private:
  struct alignas(64) Row {
    std::array<double, kScenarioStride> weights;
  };

  void DrawVehicles(const UncertainMarket& market, SplitMix64& random);
  void DrawDelivery(SplitMix64& random);

  std::vector<Row> rows_;  // [types]
  std::array<double, kMaxTypes> mean_weights_{};
};

}  // namespace giot::uncertain
