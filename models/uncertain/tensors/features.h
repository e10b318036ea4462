#pragma once

#include <torch/torch.h>

#include "models/policy/environment.h"
#include "models/policy/market_batch.h"

namespace giot::uncertain {

inline constexpr int kTypeFeatures = 7;
inline constexpr int kGlobalFeatures = 12;
inline constexpr int kProposalFeatures = 13;

// What the denoiser sees of a market.
//   types    theta_k, p_k, P_{k-1}, theta_k - theta_{k-1}, log p_k, log phi_k, mask;
//            0 on padding
//   globals  log a, kappa, 1 / sqrt(M), w1, log w1, w2, S0, 10 d, nu, 10 tau, log tau,
//            V(1), the value of full coverage
policy::Features ComputeFeatures(const policy::MarketBatch& markets);

// What the denoiser sees of its noisy levels x_t and of its own last proposal x0
// (self-conditioning, Chen et al. 2023), as the menu that the proposal decodes to,
// [B, K, kProposalFeatures]. Coverage is taken as normal with its true mean m and
// variance v, E[V(S)] and lambda = E[V'(S)] by Gauss-Hermite quadrature of order 5. With G_k =
// (1 - pi_k)(lambda q_k - r_k) / tau - 1 (the gain, per participating vehicle, from a
// little more rent for type k alone) and A_k = sum_{j <= k} p_j pi_j G_j:
//   x_t, x0   of both channels
//   level     2 q_k - 1
//   pi_k, and (u_k - nu) / tau, scaled and clamped
//   margin    log of the marginal value of q_k over its marginal cost, rents of cheaper
//             types included: 0 where the quality is right
//   shared    the same with value and cost averaged over types of about the same
//             quality: what counts for types that the proposal pools
//   gain      A_k / sum_{j <= k} p_j pi_j, clamped: 0 where the rent share is right
//   own gain  G_k, clamped
//   gap       (m - S0) / sqrt(v + d^2), clamped: which side of the threshold
//   yield     log((E[V(S)] - V(0)) / expected pay): whether buying pays at all
// All plain functions of the market and of the policy's own proposal; only the levels have
// a gradient.
torch::Tensor ProposalFeatures(const policy::MarketBatch& markets, const torch::Tensor& noisy_levels,
                               const torch::Tensor& proposal);

}  // namespace giot::uncertain
