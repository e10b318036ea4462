#pragma once

namespace giot::contract {

// Most types and most global numbers of any family of markets.
inline constexpr int kMaxPackedTypes = 32;
inline constexpr int kMaxPackedGlobals = 32;

// A market of any family in normalised money, as the plain numbers that a policy sees:
// one row of policy::MarketBatch. What the globals are the family says.
struct PackedMarket {
  int types = 0;
  int globals = 0;
  float cost_types[kMaxPackedTypes] = {};     // 1 on padding.
  float probabilities[kMaxPackedTypes] = {};  // 0 on padding.
  float global[kMaxPackedGlobals] = {};
};

}  // namespace giot::contract
