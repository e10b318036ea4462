#include "models/screening/tensors/decode.h"

#include "models/policy/isotonic.h"
#include "models/screening/tensors/pack_markets.h"

namespace giot::screening {
namespace {

using policy::MarketBatch;
using torch::Tensor;

Tensor CostOf(const MarketBatch& markets, const Tensor& quality) {
  return quality + 0.5 * markets.global(kCostCurvature) * quality * quality;
}

Tensor QualityAtCost(const MarketBatch& markets, const Tensor& cost) {
  return 2 * cost / (1 + (1 + 2 * markets.global(kCostCurvature) * cost).sqrt());
}

Tensor ValueOf(const MarketBatch& markets, const Tensor& quality) {
  return markets.global(kValueScale) * (markets.global(kValueRate) * quality).log1p();
}

}  // namespace

DecodedMenus Decode(const MarketBatch& markets, const Tensor& virtual_costs, const Tensor& levels) {
  const Tensor low = markets.global(kQualityMin);
  const Tensor real = markets.mask;
  const Tensor z = policy::NonincreasingRegression(0.5 + 0.5 * levels, markets.probabilities);
  const Tensor wanted = low + (markets.global(kQualityMax) - low) * z * real;

  // Least rewards make the expected pay sum_k p_k phi_k C(q_k), and pay(q_min) = C(q_min) as theta_K = 1.
  const Tensor virtual_mass = markets.probabilities * virtual_costs;
  const Tensor cost_low = CostOf(markets, low);
  const Tensor cost = CostOf(markets, wanted);
  const Tensor pay = (virtual_mass * cost).sum(1, true);
  const Tensor room = (markets.global(kBudget) - cost_low) / (pay - cost_low).clamp_min(1e-9);
  const Tensor scale = torch::where(markets.global(kHasBudget) > 0, room.clamp(0, 1), torch::ones_like(room));
  const Tensor kept_cost = cost_low + scale * (cost - cost_low);
  const Tensor quality = torch::where(scale < 1, QualityAtCost(markets, kept_cost), wanted);
  return {quality, pay};
}

Tensor Utility(const MarketBatch& markets, const Tensor& virtual_costs, const Tensor& quality) {
  return (markets.probabilities * (ValueOf(markets, quality) - virtual_costs * CostOf(markets, quality))).sum(1);
}

Tensor PoolingUtility(const MarketBatch& markets) {
  const Tensor omega = markets.global(kValueScale);
  const Tensor rate = markets.global(kValueRate);
  const Tensor curvature = markets.global(kCostCurvature);
  // Marginal value = marginal cost at theta_K = 1: A q^2 + B q + c0 = 0.
  const Tensor a = rate * curvature;
  const Tensor b = rate + curvature;
  const Tensor c0 = 1 - omega * rate;
  const Tensor best = -2 * c0 / (b + (b * b - 4 * a * c0).clamp_min(0).sqrt());
  const Tensor affordable = torch::where(markets.global(kHasBudget) > 0,
                                         QualityAtCost(markets, markets.global(kBudget)), markets.global(kQualityMax));
  const Tensor quality =
      torch::max(torch::min(best, torch::min(affordable, markets.global(kQualityMax))), markets.global(kQualityMin));
  return (ValueOf(markets, quality) - CostOf(markets, quality)).squeeze(1);
}

}  // namespace giot::screening
