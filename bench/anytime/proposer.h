#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "models/contract/packed_market.h"

namespace giot::bench {

// What a policy says of a market. One thread at a time.
class Proposer {
 public:
  virtual ~Proposer() = default;

  // Writes `samples` rows of levels, each as many as the market's objective has, and returns
  // when they are computed. Same seed, same levels. Whatever its model returns.
  virtual absl::Status Propose(const contract::PackedMarket& market, int samples, std::uint64_t seed,
                               absl::Span<double> levels) = 0;
};

}  // namespace giot::bench
