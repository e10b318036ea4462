#pragma once

#include <torch/torch.h>

#include "models/policy/market_batch.h"

namespace giot::policy {

// The types of a batch as the rows that a network shared by all of them works on. On the
// CPU these are the real types alone, [N, F], market by market: random markets are padded
// by almost as many again. In tensor form (UsesTensorForm), where shapes must not depend
// on values, they are all types, [B, K, F]. Layers act on the last dimension of either.
// Everything is differentiable in its tensors.
class TypeRows {
 public:
  explicit TypeRows(const MarketBatch& markets);

  // The rows of `of_types` [B, K, F].
  torch::Tensor Gather(const torch::Tensor& of_types) const;
  // [B, K, F] from rows of F numbers; 0 on padding.
  torch::Tensor Scatter(const torch::Tensor& rows) const;
  // Rows of F numbers, each plus that of its market in `of_markets` [B, F].
  torch::Tensor Add(const torch::Tensor& rows, const torch::Tensor& of_markets) const;
  // What markets' rows of F numbers are on average, [B, 2 F]: expected under the types'
  // probabilities, and plainly.
  torch::Tensor Pool(const torch::Tensor& rows) const;

 private:
  MarketBatch markets_;
  bool padded_;
  // Of the real types, where padding is left out.
  torch::Tensor market_;   // [N] int64, ascending.
  torch::Tensor place_;    // [N] int64, in the B K types.
  torch::Tensor weights_;  // [N, 2], probability and 1 / (types of the market).
};

}  // namespace giot::policy
