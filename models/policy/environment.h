#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "models/policy/market_batch.h"

namespace giot::policy {

// How many numbers a policy sees and says.
struct PolicyShape {
  int types = 0;              // Most types of a market; batches may be padded to fewer.
  int globals = 0;            // G, columns of MarketBatch::globals.
  int type_features = 0;      // A type.
  int global_features = 0;    // A market.
  int proposal_features = 0;  // A type and denoising step.
  int channels = 0;           // C, levels a type.

  friend bool operator==(const PolicyShape&, const PolicyShape&) = default;
};

// What a policy sees of its markets.
struct Features {
  torch::Tensor types;    // [B, K, type_features], 0 on padding.
  torch::Tensor globals;  // [B, global_features]
  // Quantities that ProposalFeatures needs again in every denoising step; whatever
  // the environment put there.
  std::vector<torch::Tensor> reused;
};

// What a policy's levels are worth on one market.
struct Judgement {
  double utility = 0.0;   // Of the decoded menu, server, a vehicle; money.
  bool feasible = false;  // IR, IC, budget and bounds hold, by an audit of all pairs.
};

// Fixed markets on which policies are compared, judged in double precision by the
// scalar code that serves. Immutable.
class HeldOutMarkets {
 public:
  virtual ~HeldOutMarkets() = default;

  // On the CPU.
  virtual const MarketBatch& batch() const = 0;
  // The utility that counts as 1, positive: the optimum where it is known, else an
  // upper bound.
  virtual double Reference(std::int64_t market) const = 0;
  // `levels` [C, K] of one market, row major, padded as the batch is.
  virtual Judgement Judge(std::int64_t market, absl::Span<const double> levels) const = 0;
};

// A family of markets as learning sees it: where markets come from, what a policy
// sees of them, and what its answer is worth. Every algorithm works with every
// environment. An answer is `levels` [B, C K] in [-1, 1], channel by channel, type by
// type within a channel; the environment decodes them to a menu. Tensors stay on the
// device of the markets, and nothing but HeldOut synchronises with the host.
// Immutable and thread-safe, apart from drawing from the default generators.
class Environment {
 public:
  virtual ~Environment() = default;

  virtual std::string name() const = 0;
  virtual PolicyShape shape() const = 0;
  // Everything that makes two environments of one name differ.
  virtual std::vector<double> Settings() const = 0;

  // Training markets from `device`'s default generator.
  virtual MarketBatch Generate(std::int64_t count, torch::Device device) const = 0;

  virtual Features Observe(const MarketBatch& markets) const = 0;
  // What the denoiser sees of its noisy levels x_t and of its last proposal x0, both
  // [B, C K]: [B, K, proposal_features]. Differentiable at least in the levels themselves,
  // which it contains.
  virtual torch::Tensor ProposalFeatures(const MarketBatch& markets, const Features& features,
                                         const torch::Tensor& noisy_levels, const torch::Tensor& proposal) const = 0;

  // What a simulator would pay for `levels`: the server's utility over a positive
  // scale of the market, [B]. No gradient is promised.
  virtual torch::Tensor Reward(const MarketBatch& markets, const torch::Tensor& levels) const = 0;
  // A differentiable stand-in for Reward whose maximiser is (nearly) Reward's, [B].
  virtual torch::Tensor Objective(const MarketBatch& markets, const torch::Tensor& levels) const = 0;

  // `count` markets whose reference is positive, the same for the same seed; fewer if
  // the family hardly has any.
  virtual std::unique_ptr<HeldOutMarkets> HeldOut(int count, std::uint64_t seed) const = 0;
};

}  // namespace giot::policy
