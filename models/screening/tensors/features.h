#pragma once

#include <torch/torch.h>

#include "models/policy/environment.h"
#include "models/policy/market_batch.h"

namespace giot::screening {

inline constexpr int kTypeFeatures = 7;
inline constexpr int kGlobalFeatures = 8;
inline constexpr int kProposalFeatures = 7;

// Which cost c_k of a type the features weigh against value.
enum class SeenCosts {
  kVirtual,  // c = phi: what the released models see.
  kPlain,    // c = theta: shows by ablation what the virtual costs are worth.
};

// What the denoiser sees of a market.
//   types    theta_k, p_k, P_{k-1}, theta_k - theta_{k-1}, log p_k,
//            log(c_k / omega), mask; 0 on padding
//   globals  omega, log omega, log a, kappa, 10 q_min, has budget, and, with a
//            budget, share = b / (theta_K C(1)) and log share; else 0
//   reused   the virtual costs phi, which the decode needs, and c, [B, K] each
policy::Features ComputeFeatures(const policy::MarketBatch& markets, SeenCosts seen = SeenCosts::kVirtual);

// Levels closer than about this count as pooled in ProposalFeatures.
inline constexpr double kNeighbourhood = 0.05;

// What the denoiser sees of its noisy levels x_t and of its own last proposal x0
// (self-conditioning, Chen et al. 2023), seen as the menu that the proposal
// decodes to, [B, K, kProposalFeatures]:
//   x_t, x0
//   level    of the decoded quality q_k, in [-1, 1]
//   margin   log( omega a / ((1 + a q_k)(1 + kappa q_k) c_k) ), clamped to +-4:
//            0 where marginal value meets marginal (virtual) cost
//   shared   the same with c_k averaged over types of about the same level,
//            weights p_j exp(-((level_j - level_k) / kNeighbourhood)^2): what counts
//            for types that the proposal pools
//   excess   shared minus its mean by c_k's part of the money spent above q_min: 0 for
//            every interior type where a budget is spent well
//   pressure log(expected pay before scaling / b), clamped to +-3; 0 without budget
// All plain functions of the market and of the policy's own proposal. The level and the
// pressure are those of the decoded menu, whatever `seen_costs` c are.
torch::Tensor ProposalFeatures(const policy::MarketBatch& markets, const torch::Tensor& virtual_costs,
                               const torch::Tensor& seen_costs, const torch::Tensor& noisy_levels,
                               const torch::Tensor& proposal);

}  // namespace giot::screening
