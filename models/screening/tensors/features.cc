#include "models/screening/tensors/features.h"

#include "models/policy/virtual_costs.h"
#include "models/screening/tensors/decode.h"
#include "models/screening/tensors/pack_markets.h"
#include "models/screening/tensors/shared_costs.h"

namespace giot::screening {

using policy::Features;
using policy::MarketBatch;

Features ComputeFeatures(const MarketBatch& markets, SeenCosts seen) {
  const torch::Tensor& theta = markets.cost_types;
  const torch::Tensor& p = markets.probabilities;
  const torch::Tensor& mask = markets.mask;
  const torch::Tensor omega = markets.global(kValueScale);
  const torch::Tensor virtual_costs = policy::VirtualCosts(markets);
  const torch::Tensor& costs = seen == SeenCosts::kVirtual ? virtual_costs : theta;
  const torch::Tensor previous = torch::constant_pad_nd(theta.narrow(1, 0, markets.types() - 1), {1, 0});
  torch::Tensor types = torch::stack(
      {theta, p, p.cumsum(1) - p, theta - previous, p.clamp_min(1e-9).log(), (costs / omega).log(), mask}, 2);
  const torch::Tensor has_budget = markets.global(kHasBudget);
  const torch::Tensor share = markets.global(kBudget) / (1 + 0.5 * markets.global(kCostCurvature));
  torch::Tensor globals = torch::cat(
      {omega, omega.log(), markets.global(kValueRate).log(), markets.global(kCostCurvature),
       10 * markets.global(kQualityMin), has_budget, share * has_budget, share.clamp_min(1e-6).log() * has_budget},
      1);
  return {types * mask.unsqueeze(2), globals, {virtual_costs, costs}};
}

torch::Tensor ProposalFeatures(const MarketBatch& markets, const torch::Tensor& virtual_costs,
                               const torch::Tensor& seen_costs, const torch::Tensor& noisy_levels,
                               const torch::Tensor& proposal) {
  const torch::Tensor rate = markets.global(kValueRate);
  const torch::Tensor curvature = markets.global(kCostCurvature);
  const torch::Tensor low = markets.global(kQualityMin);
  const DecodedMenus menus = Decode(markets, virtual_costs, proposal);
  const torch::Tensor& quality = menus.quality;
  const torch::Tensor level = 2 * (quality - low) / (markets.global(kQualityMax) - low) - 1;

  const torch::Tensor shared_cost = SharedCosts(markets, seen_costs, level, kNeighbourhood);
  const torch::Tensor slope_ratio =
      markets.global(kValueScale) * rate / ((1 + rate * quality) * (1 + curvature * quality));
  const torch::Tensor margin = (slope_ratio / seen_costs).log().clamp(-4, 4);
  const torch::Tensor shared_margin = (slope_ratio / shared_cost).log().clamp(-4, 4);
  // Margins average out along the direction in which a budget scales costs.
  const torch::Tensor spent =
      markets.probabilities * seen_costs * (quality - low) * (1 + 0.5 * curvature * (quality + low));
  const torch::Tensor spent_share = spent.clamp_min(0) / spent.clamp_min(0).sum(1, true).clamp_min(1e-6);
  const torch::Tensor excess_margin = shared_margin - (spent_share * shared_margin).sum(1, true);
  const torch::Tensor pressure =
      (menus.unscaled_pay / markets.global(kBudget).clamp_min(1e-6)).log().clamp(-3, 3) * markets.global(kHasBudget);
  return torch::stack(
      {noisy_levels, proposal, level, margin, shared_margin, excess_margin, pressure.expand_as(proposal)}, 2);
}

}  // namespace giot::screening
