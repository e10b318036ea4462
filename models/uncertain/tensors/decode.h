#pragma once

#include <torch/torch.h>

#include "models/policy/market_batch.h"

namespace giot::uncertain {

// The batched form of a menu in which every type of every market has an item.
struct DecodedMenus {
  torch::Tensor quality;  // [B, K], nonincreasing; 0 on padding.
  torch::Tensor rent;     // [B, K], u_k >= 0; money where theta_K = 1, 0 on padding.
  torch::Tensor share;    // [B, K], of the rent that IC leaves open; as decoded.
};

// The batched, differentiable form of uncertain::DecodeLevels: the same menus to
// float32 rounding, on any device, without synchronising with the host. `levels`
// [B, 2 K] in [-1, 1]: qualities, then rents.
DecodedMenus Decode(const policy::MarketBatch& markets, const torch::Tensor& levels);

// Rewards r_k = u_k + theta_k C(q_k), [B, K]; 0 on padding.
torch::Tensor Rewards(const policy::MarketBatch& markets, const DecodedMenus& menus);

// Probability that a vehicle takes part at its rent, [B, K].
torch::Tensor Participation(const policy::MarketBatch& markets, const torch::Tensor& rent);

// Random scenario weights w_{s,k} = n_{s,k} g_{s,k} / M, [B, scenarios, K], from the
// device's default generator; the distribution of uncertain::Scenarios.
// `vehicles_max` is the largest number of vehicles in the batch.
torch::Tensor DrawScenarios(const policy::MarketBatch& markets, std::int64_t scenarios, std::int64_t vehicles_max);

// Expected server utility per vehicle over the scenarios, [B], as uncertain::Utility.
torch::Tensor Utility(const policy::MarketBatch& markets, const torch::Tensor& scenarios, const DecodedMenus& menus);

// Utility per vehicle of about the best menu that offers everybody the same quality
// and pays the same, if coverage were certain; scales the training loss. [B]
torch::Tensor UniformUtility(const policy::MarketBatch& markets);

}  // namespace giot::uncertain
