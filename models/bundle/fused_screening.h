#pragma once

#include "models/bundle/fused_ladder.h"
#include "models/contract/screening_columns.h"

// screening::ComputeFeatures and screening::ProposalFeatures for fused_kernel.cc.

namespace giot::bundle {
namespace {
namespace fused_screening {

constexpr double kNeighbourhood = 0.05;  // screening::kNeighbourhood

// A market with what every denoising step asks of it.
struct Prepared {
  Ladder ladder;
  float value_scale;
  float value_rate;
  float cost_curvature;
  float quality_min;
  float quality_max;
  float cost_min;
  float has_budget;
  float budget;
};

inline void GlobalFeatures(const Prepared& market, float* features) {
  const float share = market.budget / (1.0F + 0.5F * market.cost_curvature);
  float logs[kLadderTypes] = {market.value_scale, market.value_rate, share > 1e-6F ? share : 1e-6F};
  Log(AtLeast(Row::LoadFrom(logs), 1e-30F)).StoreTo(logs);
  features[0] = market.value_scale;
  features[1] = logs[0];
  features[2] = logs[1];
  features[3] = market.cost_curvature;
  features[4] = 10.0F * market.quality_min;
  features[5] = market.has_budget;
  features[6] = share * market.has_budget;
  features[7] = logs[2] * market.has_budget;
}

inline Prepared Prepare(const contract::PackedMarket& market, float* type_features, float* global_features) {
  Prepared prepared;
  prepared.ladder = MakeLadder(market);
  prepared.value_scale = market.global[contract::kValueScale];
  prepared.value_rate = market.global[contract::kValueRate];
  prepared.cost_curvature = market.global[contract::kCostCurvature];
  prepared.quality_min = market.global[contract::kQualityMin];
  prepared.quality_max = market.global[contract::kQualityMax];
  prepared.cost_min = prepared.quality_min * (1.0F + 0.5F * prepared.cost_curvature * prepared.quality_min);
  prepared.has_budget = market.global[contract::kHasBudget];
  prepared.budget = market.global[contract::kBudget];
  LadderFeatures(prepared.ladder, prepared.value_scale, type_features);
  GlobalFeatures(prepared, global_features);
  return prepared;
}

inline Row CostOf(const Prepared& market, const Row& quality) {
  return quality + quality * quality * (0.5F * market.cost_curvature);
}

inline Row Sqrt(const Row& row) {
  float value[kLadderTypes];
  row.StoreTo(value);
  for (float& x : value) x = __builtin_sqrtf(x);
  return Row::LoadFrom(value);
}

inline Row QualityAtCost(const Prepared& market, const Row& cost) {
  return cost * 2.0F / (Sqrt(cost * (2.0F * market.cost_curvature) + 1.0F) + 1.0F);
}

// policy::Decode: qualities of the menu for `levels`, and its pay before the budget.
struct Decoded {
  Row quality;
  float unscaled_pay;
};

inline Decoded Decode(const Prepared& market, const Row& levels) {
  const float low = market.quality_min;
  const Row z = Nonincreasing(market.ladder, levels * 0.5F + 0.5F);
  const Row wanted = z * market.ladder.mask * (market.quality_max - low) + low;
  const Row cost = CostOf(market, wanted);
  const float pay = Sum(market.ladder.probabilities * market.ladder.virtual_costs * cost);
  if (market.has_budget == 0.0F) return {wanted, pay};
  const float excess = pay - market.cost_min;
  const float room = (market.budget - market.cost_min) / (excess > 1e-9F ? excess : 1e-9F);
  if (room >= 1.0F) return {wanted, pay};
  const float scale = room > 0.0F ? room : 0.0F;
  return {QualityAtCost(market, (cost - market.cost_min) * scale + market.cost_min), pay};
}

// The mean virtual cost of the types with about the same level.
inline Row SharedCosts(const Prepared& market, const Row& level) {
  float levels[kLadderTypes];
  float probability[kLadderTypes];
  float virtual_cost[kLadderTypes];
  level.StoreTo(levels);
  market.ladder.probabilities.StoreTo(probability);
  market.ladder.virtual_costs.StoreTo(virtual_cost);
  Row weighted = Row::Of(0.0F);
  Row total = Row::Of(0.0F);
  for (int j = 0; j < market.ladder.types; ++j) {
    const Row distance = (level - levels[j]) * static_cast<float>(1.0 / kNeighbourhood);
    const Row closeness = Exp(distance * distance * -1.0F) * probability[j];
    weighted = weighted + closeness * virtual_cost[j];
    total = total + closeness;
  }
  return weighted / AtLeast(total, 1e-12F) * market.ladder.mask +
         market.ladder.virtual_costs * (Row::Of(1.0F) - market.ladder.mask);
}

inline float LogPressure(const Prepared& market, float pay) {
  if (market.has_budget == 0.0F) return 0.0F;
  const Vec ratio = Broadcast(pay / (market.budget > 1e-6F ? market.budget : 1e-6F));
  return Clamp(Log(AtLeast(ratio, 1e-30F)), -3.0F, 3.0F)[0];
}

inline void Propose(const Prepared& market, const float* noisy, const float* proposed, float* features) {
  const Row noisy_levels = LoadLevels(noisy, market.ladder.types);
  const Row proposal = LoadLevels(proposed, market.ladder.types);
  const float low = market.quality_min;
  const float range = market.quality_max - low;
  const Decoded menu = Decode(market, proposal);
  const Row& quality = menu.quality;
  const Row level = (quality - low) * 2.0F / Row::Of(range) - 1.0F;
  const Row slope_ratio = Row::Of(market.value_scale * market.value_rate) /
                          ((quality * market.value_rate + 1.0F) * (quality * market.cost_curvature + 1.0F));
  const Row margin = Clamp(Log(slope_ratio / market.ladder.virtual_costs), -4.0F, 4.0F);
  const Row shared_margin = Clamp(Log(slope_ratio / SharedCosts(market, level)), -4.0F, 4.0F);
  const Row spent = AtLeast(market.ladder.probabilities * market.ladder.virtual_costs * (quality - low) *
                                ((quality + low) * (0.5F * market.cost_curvature) + 1.0F),
                            0.0F);
  const float total = Sum(spent);
  const float mean_margin = Sum(spent * shared_margin) / (total > 1e-6F ? total : 1e-6F);
  const Row rows[] = {noisy_levels,
                      proposal,
                      level,
                      margin,
                      shared_margin,
                      shared_margin - mean_margin,
                      Row::Of(LogPressure(market, menu.unscaled_pay))};
  for (const Row& row : rows) {
    row.StoreTo(features);
    features += kFusedTypes;
  }
}

}  // namespace fused_screening
}  // namespace
}  // namespace giot::bundle
