#pragma once

#include <torch/torch.h>

#include "absl/types/span.h"
#include "models/contract/packed_market.h"

namespace giot::policy {

// B markets of one family with up to K types, in normalised money. Types beyond a
// market's own are padding: mask 0, probability 0, cost type 1.
struct MarketBatch {
  torch::Tensor cost_types;     // [B, K] float32
  torch::Tensor probabilities;  // [B, K] float32, rows sum to 1
  torch::Tensor mask;           // [B, K] float32, 1 for real types
  torch::Tensor globals;        // [B, G] float32, columns as the family says

  std::int64_t size() const { return cost_types.size(0); }
  std::int64_t types() const { return cost_types.size(1); }
  // One column of globals, [B, 1].
  torch::Tensor global(int column) const { return globals.narrow(1, column, 1); }
};

// The batch of `markets`, all of one family, padded to `types` types, no fewer than any of
// them has; of no markets, one without rows and globals.
MarketBatch ToBatch(absl::Span<const contract::PackedMarket> markets, int types, torch::Device device);

// Rows [first, first + count) of a batch; shares storage.
MarketBatch Narrow(const MarketBatch& markets, std::int64_t first, std::int64_t count);

// A copy on `device`.
MarketBatch ToDevice(const MarketBatch& markets, torch::Device device);

}  // namespace giot::policy
