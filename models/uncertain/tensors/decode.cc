#include "models/uncertain/tensors/decode.h"

#include "models/policy/isotonic.h"
#include "models/uncertain/tensors/pack_markets.h"

namespace giot::uncertain {
namespace {

using policy::MarketBatch;
using torch::Tensor;

// As uncertain::LargestBaseRent.
constexpr double kLargestRentNoises = 8.0;
// Of ln g: g = exp(kDeliveryMean + kDeliverySd N(0, 1)) has mean 1.
constexpr double kDeliveryMean = -0.045;
constexpr double kDeliverySd = 0.3;

Tensor CostOf(const MarketBatch& markets, const Tensor& quality) {
  return quality + 0.5 * markets.global(kCostCurvature) * quality * quality;
}

// The row shifted left by one type: what the next costlier type has, 0 at the end.
Tensor Next(const Tensor& row) { return torch::constant_pad_nd(row.narrow(1, 1, row.size(1) - 1), {0, 1}); }

// sum over j >= k.
Tensor SumFrom(const Tensor& row) { return row.flip({1}).cumsum(1).flip({1}); }

Tensor ValueOf(const MarketBatch& markets, const Tensor& coverage) {
  const Tensor passed = (coverage - markets.global(kThreshold)) / markets.global(kThresholdWidth);
  return markets.global(kCoverageValue) * (markets.global(kValueRate) * coverage).log1p() +
         markets.global(kThresholdValue) * passed.sigmoid();
}

}  // namespace

DecodedMenus Decode(const MarketBatch& markets, const Tensor& levels) {
  const std::int64_t types = markets.types();
  const Tensor& mask = markets.mask;
  const Tensor share = 0.5 + 0.5 * levels.narrow(1, types, types);
  const Tensor quality =
      policy::NonincreasingRegression(0.5 + 0.5 * levels.narrow(1, 0, types), markets.probabilities) * mask;
  const Tensor cost = CostOf(markets, quality);
  const Tensor next_is_real = Next(mask);
  const Tensor gap =
      (Next(markets.cost_types) - markets.cost_types) * next_is_real * (Next(cost) + share * (cost - Next(cost)));
  const Tensor largest = markets.global(kOutsideOption) + kLargestRentNoises * markets.global(kParticipationNoise);
  const Tensor base = (share * (mask - next_is_real)).sum(1, true) * largest;
  return {quality, (base + SumFrom(gap)) * mask, share};
}

Tensor Rewards(const MarketBatch& markets, const DecodedMenus& menus) {
  return (menus.rent + markets.cost_types * CostOf(markets, menus.quality)) * markets.mask;
}

Tensor Participation(const MarketBatch& markets, const Tensor& rent) {
  return ((rent - markets.global(kOutsideOption)) / markets.global(kParticipationNoise)).sigmoid();
}

Tensor DrawScenarios(const MarketBatch& markets, std::int64_t scenarios, std::int64_t vehicles_max) {
  const std::int64_t batch = markets.size();
  const auto options = markets.cost_types.options();
  // One uniform number a vehicle, sorted into the types by the cumulative shares.
  const Tensor upper = markets.probabilities.cumsum(1);
  const Tensor uniform = torch::rand({batch, scenarios * vehicles_max}, options);
  const Tensor type = torch::searchsorted(upper.contiguous(), uniform).clamp_max(markets.types() - 1);
  const Tensor present = (torch::arange(vehicles_max, options) < markets.global(kVehicles)).to(options.dtype());
  const Tensor weight = (present / markets.global(kVehicles)).unsqueeze(1).expand({-1, scenarios, -1});
  const Tensor share = torch::zeros({batch, scenarios, markets.types()}, options)
                           .scatter_add(2, type.view({batch, scenarios, vehicles_max}), weight);
  const Tensor delivered = (kDeliveryMean + kDeliverySd * torch::randn(share.sizes(), options)).exp();
  return share * delivered;
}

Tensor Utility(const MarketBatch& markets, const Tensor& scenarios, const DecodedMenus& menus) {
  const Tensor participation = Participation(markets, menus.rent);
  const Tensor coverage = scenarios.bmm((participation * menus.quality).unsqueeze(2)).squeeze(2);  // [B, S]
  const Tensor pay = (markets.probabilities * participation * Rewards(markets, menus)).sum(1);
  return ValueOf(markets, coverage).mean(1) - pay;
}

Tensor UniformUtility(const MarketBatch& markets) {
  constexpr double kQualities[] = {0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 1.0};
  constexpr double kRentNoises[] = {0.0, 1.5, 3.0};
  Tensor best;
  for (const double quality : kQualities) {
    for (const double noises : kRentNoises) {
      const Tensor same = quality * markets.mask;
      const Tensor cost = CostOf(markets, same);
      const Tensor reward = cost + markets.global(kOutsideOption) + noises * markets.global(kParticipationNoise);
      const Tensor participation = Participation(markets, reward - markets.cost_types * cost);
      const Tensor taken = markets.probabilities * participation;
      const Tensor coverage = (taken * quality).sum(1, true);
      const Tensor utility = ValueOf(markets, coverage) - (taken * reward).sum(1, true);
      best = best.defined() ? torch::max(best, utility) : utility;
    }
  }
  return best.squeeze(1);
}

}  // namespace giot::uncertain
