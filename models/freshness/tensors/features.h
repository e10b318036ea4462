#pragma once

#include <torch/torch.h>

#include "models/policy/environment.h"
#include "models/policy/market_batch.h"

namespace giot::freshness {

inline constexpr int kTypeFeatures = 10;
inline constexpr int kGlobalFeatures = 7;
inline constexpr int kProposalFeatures = 18;

// What the denoiser sees of a market.
//   types    theta_t, delta_t, p_t, log p_t, the probability of types cheaper in
//            sensing, in updating, and in neither more; the logs of the two virtual costs
//            along one cost with the other held (phi as in screening, over the types
//            that share the other cost), mask; 0 on padding
//   globals  omega, log omega, log a, alpha, largest delta, mean theta, mean delta
policy::Features ComputeFeatures(const policy::MarketBatch& markets);

// What the denoiser sees of its noisy levels x_t and of its own last proposal x0
// (self-conditioning, Chen et al. 2023), [B, K, kProposalFeatures]:
//   x_t, x0   of all three channels
//   picked    quality, update rate and utility of the item that the type picks once the
//             proposal is settled, whether it opts out, whether it picks its own, and the
//             candidate's mass
//   profit    what the server earns from the type, and would earn if it picked its own
//             candidate at its proposed reward; over omega
//   margins   logs of marginal value over marginal pay for the type's own candidate
//             (0 where the quality, or the update rate, is right), and for the item it picks
// All plain functions of the market and of the policy's own proposal; only the levels have
// a gradient.
torch::Tensor ProposalFeatures(const policy::MarketBatch& markets, const torch::Tensor& noisy_levels,
                               const torch::Tensor& proposal);

}  // namespace giot::freshness
