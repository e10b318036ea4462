#include "models/uncertain/tensors/features.h"

#include <array>
#include <cmath>

#include "models/policy/virtual_costs.h"
#include "models/uncertain/tensors/decode.h"
#include "models/uncertain/tensors/pack_markets.h"

namespace giot::uncertain {
namespace {

using policy::MarketBatch;
using torch::Tensor;

// Qualities closer than about this count as pooled.
constexpr double kNeighbourhood = 0.03;
// E[g^2] of the delivery factor.
constexpr double kDeliverySquare = 1.0941742837052104;  // exp(.09)
// Gauss-Hermite of order 5 for the standard normal: nodes and weights.
constexpr std::array<double, 5> kNodes = {-2.856970013872806, -1.3556261799742659, 0.0, 1.3556261799742659,
                                          2.856970013872806};
constexpr std::array<double, 5> kWeights = {0.011257411327720691, 0.22207592200561266, 0.5333333333333333,
                                            0.22207592200561266, 0.011257411327720691};

Tensor Previous(const Tensor& row) { return torch::constant_pad_nd(row.narrow(1, 0, row.size(1) - 1), {1, 0}); }
Tensor Next(const Tensor& row) { return torch::constant_pad_nd(row.narrow(1, 1, row.size(1) - 1), {0, 1}); }

struct Coverage {
  Tensor mean, variance;  // [B, 1]
};

// Moments of S = sum_k w_k d_k: multinomial counts, independent delivery factors.
Coverage CoverageMoments(const MarketBatch& markets, const Tensor& delivered) {
  const Tensor& p = markets.probabilities;
  const Tensor vehicles = markets.global(kVehicles);
  const Tensor expected = p * delivered;
  const Tensor mean = expected.sum(1, true);
  const Tensor squares = delivered.square();
  const Tensor own = (squares * (kDeliverySquare * (p * (1 - p) / vehicles + p.square()) - p.square())).sum(1, true);
  const Tensor others = (mean.square() - expected.square().sum(1, true)) / vehicles;
  return {mean, (own - others).clamp_min(1e-12)};
}

struct MeanValue {
  Tensor value, slope;  // E[V(S)] and E[V'(S)], [B, 1].
};

MeanValue ExpectedValue(const MarketBatch& markets, const Coverage& coverage) {
  const Tensor deviation = coverage.variance.sqrt();
  Tensor value = torch::zeros_like(coverage.mean);
  Tensor slope = torch::zeros_like(coverage.mean);
  for (std::size_t i = 0; i < kNodes.size(); ++i) {
    const Tensor at = (coverage.mean + kNodes[i] * deviation).clamp_min(0);
    const Tensor passed = ((at - markets.global(kThreshold)) / markets.global(kThresholdWidth)).sigmoid();
    const Tensor log_slope =
        markets.global(kCoverageValue) * markets.global(kValueRate) / (1 + markets.global(kValueRate) * at);
    const Tensor step_slope = markets.global(kThresholdValue) / markets.global(kThresholdWidth) * passed * (1 - passed);
    slope = slope + kWeights[i] * (log_slope + step_slope);
    value = value + kWeights[i] * (markets.global(kCoverageValue) * (markets.global(kValueRate) * at).log1p() +
                                   markets.global(kThresholdValue) * passed);
  }
  return {value, slope};
}

Tensor LogRatio(const Tensor& value, const Tensor& cost) {
  return (value.clamp_min(1e-9) / cost.clamp_min(1e-9)).log().clamp(-4, 4);
}

// All but the levels themselves, without gradient: it would cost more than it teaches.
Tensor MenuFeatures(const MarketBatch& markets, const Tensor& proposal) {
  const torch::NoGradGuard no_grad;
  const Tensor& p = markets.probabilities;
  const Tensor& theta = markets.cost_types;
  const DecodedMenus menus = Decode(markets, proposal);
  const Tensor participation = Participation(markets, menus.rent) * markets.mask;
  const Coverage coverage = CoverageMoments(markets, participation * menus.quality);
  const MeanValue expected = ExpectedValue(markets, coverage);
  const Tensor& slope = expected.slope;

  const Tensor rewards = Rewards(markets, menus);
  const Tensor surplus = slope * menus.quality - rewards;
  const Tensor own_gain = (1 - participation) * surplus / markets.global(kParticipationNoise) - 1;
  const Tensor taken = p * participation;
  const Tensor gain = (taken * own_gain).cumsum(1);
  const Tensor mean_gain = gain / taken.cumsum(1).clamp_min(1e-6);

  // A little more quality for type k moves the rents of everybody cheaper.
  const Tensor marginal_cost = 1 + markets.global(kCostCurvature) * menus.quality;
  const Tensor step_up = (Next(theta) - theta) * Next(markets.mask);
  const Tensor lifted = Previous(step_up * (1 - menus.share) * gain) + step_up * menus.share * gain;
  const Tensor value = taken * slope;
  const Tensor cost = marginal_cost * (taken * theta - lifted);
  const Tensor distance = (menus.quality.unsqueeze(2) - menus.quality.unsqueeze(1)) / kNeighbourhood;
  const Tensor closeness = torch::exp(-distance * distance) * markets.mask.unsqueeze(1);
  const Tensor shared_value = closeness.bmm(value.unsqueeze(2)).squeeze(2);
  const Tensor shared_cost = closeness.bmm(cost.unsqueeze(2)).squeeze(2);

  const Tensor rent_noises = (menus.rent - markets.global(kOutsideOption)) / markets.global(kParticipationNoise);
  const Tensor width = (coverage.variance + markets.global(kThresholdWidth).square()).sqrt();
  const Tensor idle =
      markets.global(kThresholdValue) * (-markets.global(kThreshold) / markets.global(kThresholdWidth)).sigmoid();
  const Tensor yield = LogRatio(expected.value - idle, (taken * rewards).sum(1, true));
  const Tensor gap = ((coverage.mean - markets.global(kThreshold)) / width).clamp(-4, 4);
  return torch::stack({2 * menus.quality - 1, participation, 0.25 * rent_noises.clamp(-4, 12), LogRatio(value, cost),
                       LogRatio(shared_value, shared_cost), mean_gain.clamp(-2, 4), own_gain.clamp(-2, 4),
                       gap.expand_as(participation), yield.expand_as(participation)},
                      2);
}

}  // namespace

policy::Features ComputeFeatures(const MarketBatch& markets) {
  const Tensor& theta = markets.cost_types;
  const Tensor& p = markets.probabilities;
  const Tensor types = torch::stack({theta, p, p.cumsum(1) - p, theta - Previous(theta), p.clamp_min(1e-9).log(),
                                     policy::VirtualCosts(markets).log(), markets.mask},
                                    2);
  const Tensor rate = markets.global(kValueRate);
  const Tensor worth = markets.global(kCoverageValue);
  const Tensor noise = markets.global(kParticipationNoise);
  const Tensor full =
      worth * rate.log1p() +
      markets.global(kThresholdValue) * ((1 - markets.global(kThreshold)) / markets.global(kThresholdWidth)).sigmoid();
  const Tensor globals =
      torch::cat({rate.log(), markets.global(kCostCurvature), markets.global(kVehicles).rsqrt(), worth,
                  worth.clamp_min(1e-6).log(), markets.global(kThresholdValue), markets.global(kThreshold),
                  10 * markets.global(kThresholdWidth), markets.global(kOutsideOption), 10 * noise, noise.log(), full},
                 1);
  return {types * markets.mask.unsqueeze(2), globals, {}};
}

Tensor ProposalFeatures(const MarketBatch& markets, const Tensor& noisy_levels, const Tensor& proposal) {
  const std::int64_t types = markets.types();
  const Tensor levels = torch::stack({noisy_levels.narrow(1, 0, types), noisy_levels.narrow(1, types, types),
                                      proposal.narrow(1, 0, types), proposal.narrow(1, types, types)},
                                     2);
  return torch::cat({levels, MenuFeatures(markets, proposal)}, 2) * markets.mask.unsqueeze(2);
}

}  // namespace giot::uncertain
