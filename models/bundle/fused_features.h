#pragma once

#include "models/bundle/fused_kernel.h"
#include "models/bundle/fused_vector.h"

// policy::ComputeFeatures and policy::ProposalFeatures for fused_kernel.cc.
// Features lie feature by feature, [features][kFusedTypes].

namespace giot::bundle {
namespace {

// A market with what every denoising step asks of it.
struct PreparedMarket {
  int types;
  Row probabilities;
  Row mask;
  Row virtual_costs;
  float value_scale;
  float value_rate;
  float cost_curvature;
  float quality_min;
  float quality_max;
  float cost_min;
  float has_budget;
  float budget;
};

inline Row MaskOf(int types) {
  float mask[kFusedTypes];
  for (int k = 0; k < kFusedTypes; ++k) mask[k] = k < types ? 1.0F : 0.0F;
  return Row::LoadFrom(mask);
}

// types: [kFusedTypeFeatures][kFusedTypes], 0 on padding; returns virtual costs.
inline Row TypeFeatures(const FusedMarket& market, const Row& mask, float* features) {
  float before[kFusedTypes] = {};
  float step_up[kFusedTypes] = {};
  float rent[kFusedTypes] = {};
  double cheaper = 0.0;
  for (int k = 0; k < market.types; ++k) {
    const float theta = market.cost_types[k];
    const float p = market.probabilities[k];
    step_up[k] = k == 0 ? theta : theta - market.cost_types[k - 1];
    if (k > 0) rent[k] = static_cast<float>(cheaper) * step_up[k] / (p > 1e-12F ? p : 1e-12F);
    before[k] = static_cast<float>(cheaper);
    cheaper += static_cast<double>(p);
  }
  const Row theta = Row::LoadFrom(market.cost_types);
  const Row p = Row::LoadFrom(market.probabilities);
  const Row virtual_costs = theta + Row::LoadFrom(rent);
  const Row rows[kFusedTypeFeatures] = {theta,
                                        p,
                                        Row::LoadFrom(before),
                                        Row::LoadFrom(step_up),
                                        Log(AtLeast(p, 1e-9F)),
                                        Log(virtual_costs / Row::Of(market.value_scale)),
                                        mask};
  for (int i = 0; i < kFusedTypeFeatures; ++i) (rows[i] * mask).StoreTo(features + i * kFusedTypes);
  return virtual_costs;
}

inline void GlobalFeatures(const FusedMarket& market, float* features) {
  const float share = market.budget / (1.0F + 0.5F * market.cost_curvature);
  float logs[kFusedTypes] = {market.value_scale, market.value_rate, share > 1e-6F ? share : 1e-6F};
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

inline PreparedMarket Prepare(const FusedMarket& market, float* type_features, float* global_features) {
  PreparedMarket prepared;
  prepared.types = market.types;
  prepared.probabilities = Row::LoadFrom(market.probabilities);
  prepared.mask = MaskOf(market.types);
  prepared.virtual_costs = TypeFeatures(market, prepared.mask, type_features);
  prepared.value_scale = market.value_scale;
  prepared.value_rate = market.value_rate;
  prepared.cost_curvature = market.cost_curvature;
  prepared.quality_min = market.quality_min;
  prepared.quality_max = market.quality_max;
  prepared.cost_min = market.quality_min + 0.5F * market.cost_curvature * market.quality_min * market.quality_min;
  prepared.has_budget = market.has_budget;
  prepared.budget = market.budget;
  GlobalFeatures(market, global_features);
  return prepared;
}

// The nonincreasing sequence closest to `values` under the types' weights, by
// pooling adjacent violators, in double precision as policy::NonincreasingRegression.
inline Row Nonincreasing(const PreparedMarket& market, const Row& values) {
  float value[kFusedTypes];
  float weight[kFusedTypes];
  values.StoreTo(value);
  market.probabilities.StoreTo(weight);
  double sum[kFusedTypes];
  double mass[kFusedTypes];
  int last[kFusedTypes];  // The last type of each block.
  int blocks = 0;
  for (int k = 0; k < market.types; ++k) {
    mass[blocks] = static_cast<double>(weight[k]);
    sum[blocks] = mass[blocks] * static_cast<double>(value[k]);
    last[blocks] = k;
    while (blocks > 0 && sum[blocks] * mass[blocks - 1] > sum[blocks - 1] * mass[blocks]) {
      sum[blocks - 1] += sum[blocks];
      mass[blocks - 1] += mass[blocks];
      last[blocks - 1] = k;
      --blocks;
    }
    ++blocks;
  }
  int k = 0;
  for (int block = 0; block < blocks; ++block) {
    const auto mean = static_cast<float>(sum[block] / mass[block]);
    for (; k <= last[block]; ++k) value[k] = mean;
  }
  return Row::LoadFrom(value);
}

inline Row CostOf(const PreparedMarket& market, const Row& quality) {
  return quality + quality * quality * (0.5F * market.cost_curvature);
}

inline Row Sqrt(const Row& row) {
  float value[kFusedTypes];
  row.StoreTo(value);
  for (float& x : value) x = __builtin_sqrtf(x);
  return Row::LoadFrom(value);
}

inline Row QualityAtCost(const PreparedMarket& market, const Row& cost) {
  return cost * 2.0F / (Sqrt(cost * (2.0F * market.cost_curvature) + 1.0F) + 1.0F);
}

// policy::Decode: qualities of the menu for `levels`, and its pay before the budget.
struct Decoded {
  Row quality;
  float unscaled_pay;
};

inline Decoded Decode(const PreparedMarket& market, const Row& levels) {
  const float low = market.quality_min;
  const Row z = Nonincreasing(market, levels * 0.5F + 0.5F);
  const Row wanted = z * market.mask * (market.quality_max - low) + low;
  const Row cost = CostOf(market, wanted);
  const float pay = Sum(market.probabilities * market.virtual_costs * cost);
  if (market.has_budget == 0.0F) return {wanted, pay};
  const float excess = pay - market.cost_min;
  const float room = (market.budget - market.cost_min) / (excess > 1e-9F ? excess : 1e-9F);
  if (room >= 1.0F) return {wanted, pay};
  const float scale = room > 0.0F ? room : 0.0F;
  return {QualityAtCost(market, (cost - market.cost_min) * scale + market.cost_min), pay};
}

// The mean virtual cost of the types with about the same level.
inline Row SharedCosts(const PreparedMarket& market, const Row& level) {
  float levels[kFusedTypes];
  float probability[kFusedTypes];
  float virtual_cost[kFusedTypes];
  level.StoreTo(levels);
  market.probabilities.StoreTo(probability);
  market.virtual_costs.StoreTo(virtual_cost);
  Row weighted = Row::Of(0.0F);
  Row total = Row::Of(0.0F);
  for (int j = 0; j < market.types; ++j) {
    const Row distance = (level - levels[j]) * static_cast<float>(1.0 / kFusedNeighbourhood);
    const Row closeness = Exp(distance * distance * -1.0F) * probability[j];
    weighted = weighted + closeness * virtual_cost[j];
    total = total + closeness;
  }
  return weighted / AtLeast(total, 1e-12F) * market.mask + market.virtual_costs * (Row::Of(1.0F) - market.mask);
}

inline float LogPressure(const PreparedMarket& market, float pay) {
  if (market.has_budget == 0.0F) return 0.0F;
  const Vec ratio = Broadcast(pay / (market.budget > 1e-6F ? market.budget : 1e-6F));
  return Clamp(Log(AtLeast(ratio, 1e-30F)), -3.0F, 3.0F)[0];
}

// features: [kFusedProposalFeatures][kFusedTypes].
inline void ProposalFeatures(const PreparedMarket& market, const Row& noisy_levels, const Row& proposal,
                             float* features) {
  const float low = market.quality_min;
  const float range = market.quality_max - low;
  const Decoded menu = Decode(market, proposal);
  const Row& quality = menu.quality;
  const Row level = (quality - low) * 2.0F / Row::Of(range) - 1.0F;
  const Row slope_ratio = Row::Of(market.value_scale * market.value_rate) /
                          ((quality * market.value_rate + 1.0F) * (quality * market.cost_curvature + 1.0F));
  const Row margin = Clamp(Log(slope_ratio / market.virtual_costs), -4.0F, 4.0F);
  const Row shared_margin = Clamp(Log(slope_ratio / SharedCosts(market, level)), -4.0F, 4.0F);
  const Row spent = AtLeast(market.probabilities * market.virtual_costs * (quality - low) *
                                ((quality + low) * (0.5F * market.cost_curvature) + 1.0F),
                            0.0F);
  const float total = Sum(spent);
  const float mean_margin = Sum(spent * shared_margin) / (total > 1e-6F ? total : 1e-6F);
  const Row rows[kFusedProposalFeatures] = {noisy_levels,
                                            proposal,
                                            level,
                                            margin,
                                            shared_margin,
                                            shared_margin - mean_margin,
                                            Row::Of(LogPressure(market, menu.unscaled_pay))};
  for (int i = 0; i < kFusedProposalFeatures; ++i) rows[i].StoreTo(features + i * kFusedTypes);
}

}  // namespace
}  // namespace giot::bundle
