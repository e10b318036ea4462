#include "models/freshness/tensors/features.h"

#include "models/freshness/tensors/decode.h"
#include "models/freshness/tensors/pack_markets.h"

namespace giot::freshness {
namespace {

using policy::MarketBatch;
using torch::Tensor;

// Costs closer than this count as one step of a ladder.
constexpr double kSameCost = 1e-5;

// Virtual cost along one cost, the other held: for each type, cost + (mass of the types
// cheaper in this cost and equal in the other) / p x (gap to the next cheaper of them).
Tensor VirtualCost(const MarketBatch& markets, const Tensor& cost, const Tensor& other) {
  const Tensor& p = markets.probabilities;
  const Tensor equal = ((other.unsqueeze(2) - other.unsqueeze(1)).abs() < kSameCost).to(cost.dtype());
  const Tensor gap = cost.unsqueeze(2) - cost.unsqueeze(1);  // [B, type, other type]
  const Tensor below = equal * (gap > kSameCost).to(cost.dtype()) * markets.mask.unsqueeze(1);
  const Tensor mass = below.bmm(p.unsqueeze(2)).squeeze(2);
  const Tensor none = (1 - below) * 1e9;
  const Tensor step = (gap + none).amin(2);
  return cost + torch::where(mass > 0, mass * step / p.clamp_min(1e-9), torch::zeros_like(mass));
}

Tensor CheaperMass(const MarketBatch& markets, const Tensor& cheaper) {
  return (cheaper.to(markets.probabilities.dtype())).bmm(markets.probabilities.unsqueeze(2)).squeeze(2);
}

Tensor LogRatio(const Tensor& value, const Tensor& cost) {
  return (value.clamp_min(1e-6) / cost.clamp_min(1e-6)).log().clamp(-4, 4);
}

// All but the levels themselves, without gradient: what types pick has none.
Tensor MenuFeatures(const MarketBatch& markets, const Tensor& proposal) {
  const torch::NoGradGuard no_grad;
  const std::int64_t types = markets.types();
  const Tensor delta = UpdateCosts(markets);
  const Tensor omega = markets.global(kValueScale);
  const Candidates candidates = MakeCandidates(markets, proposal);
  const Settled settled = SettleCandidates(markets, candidates, /*improvements=*/0);
  const Tensor taken = settled.picks.narrow(2, 0, types);
  const auto of_picked = [&](const Tensor& items) { return taken.bmm(items.unsqueeze(2)).squeeze(2); };

  const Tensor value = ValueOf(markets, candidates.quality, candidates.update_rate);
  const Tensor offered = candidates.rent + markets.cost_types * candidates.quality + delta * candidates.update_rate;
  const Tensor own = taken.diagonal(0, 1, 2);
  const Tensor age = 1 / (candidates.update_rate + kAgeOffset);
  const Tensor rate = markets.global(kValueRate);
  const Tensor freshness = (-markets.global(kStalenessRate) * (age - kFreshestAge)).exp();
  const Tensor slope_quality = omega * rate / (1 + rate * candidates.quality) * freshness;
  const Tensor slope_update = value * markets.global(kStalenessRate) * age.square();
  const Tensor margin_quality = LogRatio(settled.mass * slope_quality, settled.demand_sensing);
  const Tensor margin_update = LogRatio(settled.mass * slope_update, settled.demand_update);
  const Tensor used = (settled.mass > 0).to(value.dtype());

  return torch::stack({of_picked(candidates.quality), of_picked(candidates.update_rate), settled.utility,
                       settled.picks.select(2, types), own, settled.mass, of_picked(value - settled.reward) / omega,
                       (value - offered) / omega, margin_quality * used, margin_update * used,
                       of_picked(margin_quality), of_picked(margin_update)},
                      2);
}

}  // namespace

policy::Features ComputeFeatures(const MarketBatch& markets) {
  const Tensor& theta = markets.cost_types;
  const Tensor& p = markets.probabilities;
  const Tensor delta = UpdateCosts(markets);
  const Tensor cheaper_sensing = theta.unsqueeze(1) < theta.unsqueeze(2) - kSameCost;
  const Tensor cheaper_update = delta.unsqueeze(1) < delta.unsqueeze(2) - kSameCost;
  const Tensor no_costlier = (theta.unsqueeze(1) < theta.unsqueeze(2) + kSameCost)
                                 .logical_and(delta.unsqueeze(1) < delta.unsqueeze(2) + kSameCost);
  const Tensor types =
      torch::stack({theta, delta, p, p.clamp_min(1e-9).log(), CheaperMass(markets, cheaper_sensing),
                    CheaperMass(markets, cheaper_update), CheaperMass(markets, no_costlier),
                    VirtualCost(markets, theta, delta).log(), VirtualCost(markets, delta, theta).log(), markets.mask},
                   2);
  const Tensor omega = markets.global(kValueScale);
  const Tensor globals =
      torch::cat({omega, omega.log(), markets.global(kValueRate).log(), markets.global(kStalenessRate),
                  (delta * markets.mask).amax(1, true), (p * theta).sum(1, true), (p * delta).sum(1, true)},
                 1);
  return {types * markets.mask.unsqueeze(2), globals, {}};
}

Tensor ProposalFeatures(const MarketBatch& markets, const Tensor& noisy_levels, const Tensor& proposal) {
  const std::int64_t types = markets.types();
  std::vector<Tensor> levels;
  for (const Tensor& of : {noisy_levels, proposal}) {
    for (int channel = 0; channel < 3; ++channel) levels.push_back(of.narrow(1, channel * types, types));
  }
  return torch::cat({torch::stack(levels, 2), MenuFeatures(markets, proposal)}, 2) * markets.mask.unsqueeze(2);
}

}  // namespace giot::freshness
