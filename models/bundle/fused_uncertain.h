#pragma once

#include "models/bundle/fused_ladder.h"
#include "models/uncertain/columns.h"

// uncertain::ComputeFeatures and uncertain::ProposalFeatures for fused_kernel.cc.

namespace giot::bundle {
namespace {
namespace fused_uncertain {

constexpr int kChannels = 2;

struct Prepared {
  Ladder ladder;
  Row next_step;  // theta_{k+1} - theta_k, 0 for the last.
  float value_rate, cost_curvature, vehicles, coverage_value, threshold_value;
  float threshold, threshold_width, outside_option, participation_noise;
  float idle_value;  // V(0)
};

inline float Sigmoid(float x) { return (1.0F / (1.0F + Exp(Broadcast(-x))))[0]; }
inline Row Sigmoid(const Row& x) {
  return Map(x, [](Vec v) { return 1.0F / (1.0F + Exp(-v)); });
}
inline float LogOf(float x) { return Log(Broadcast(x))[0]; }

// What the next costlier type has, 0 at the end; and the next cheaper one.
inline Row Next(const Row& row) {
  float values[kLadderTypes + 1] = {};
  row.StoreTo(values);
  return Row::LoadFrom(values + 1);
}
inline Row Previous(const Row& row) {
  float values[kLadderTypes + 1] = {};
  row.StoreTo(values + 1);
  return Row::LoadFrom(values);
}
inline Row SumTo(const Row& row) {
  float values[kLadderTypes];
  row.StoreTo(values);
  double sum = 0.0;
  for (float& value : values) value = static_cast<float>(sum += static_cast<double>(value));
  return Row::LoadFrom(values);
}
inline Row SumFrom(const Row& row) {
  float values[kLadderTypes];
  row.StoreTo(values);
  double sum = 0.0;
  for (int k = kLadderTypes - 1; k >= 0; --k) values[k] = static_cast<float>(sum += static_cast<double>(values[k]));
  return Row::LoadFrom(values);
}

inline void GlobalFeatures(const Prepared& m, float* features) {
  features[0] = LogOf(m.value_rate);
  features[1] = m.cost_curvature;
  features[2] = 1.0F / __builtin_sqrtf(m.vehicles);
  features[3] = m.coverage_value;
  features[4] = LogOf(m.coverage_value > 1e-6F ? m.coverage_value : 1e-6F);
  features[5] = m.threshold_value;
  features[6] = m.threshold;
  features[7] = 10.0F * m.threshold_width;
  features[8] = m.outside_option;
  features[9] = 10.0F * m.participation_noise;
  features[10] = LogOf(m.participation_noise);
  features[11] = m.coverage_value * LogOf(1.0F + m.value_rate) +
                 m.threshold_value * Sigmoid((1.0F - m.threshold) / m.threshold_width);
}

inline Prepared Prepare(const contract::PackedMarket& market, float* type_features, float* global_features) {
  Prepared m;
  m.ladder = MakeLadder(market);
  m.next_step = (Next(m.ladder.theta) - m.ladder.theta) * Next(m.ladder.mask);
  m.value_rate = market.global[uncertain::kValueRate];
  m.cost_curvature = market.global[uncertain::kCostCurvature];
  m.vehicles = market.global[uncertain::kVehicles];
  m.coverage_value = market.global[uncertain::kCoverageValue];
  m.threshold_value = market.global[uncertain::kThresholdValue];
  m.threshold = market.global[uncertain::kThreshold];
  m.threshold_width = market.global[uncertain::kThresholdWidth];
  m.outside_option = market.global[uncertain::kOutsideOption];
  m.participation_noise = market.global[uncertain::kParticipationNoise];
  m.idle_value = m.threshold_value * Sigmoid(-m.threshold / m.threshold_width);
  LadderFeatures(m.ladder, 1.0F, type_features);
  GlobalFeatures(m, global_features);
  return m;
}

struct Menu {
  Row quality, rent, share;
};

inline Row CostOf(const Prepared& m, const Row& quality) {
  return quality + quality * quality * (0.5F * m.cost_curvature);
}

// uncertain::Decode
inline Menu Decode(const Prepared& m, const Row& quality_levels, const Row& rent_levels) {
  constexpr float kLargestRentNoises = 8.0F;
  const Row share = rent_levels * 0.5F + 0.5F;
  const Row quality = Nonincreasing(m.ladder, quality_levels * 0.5F + 0.5F) * m.ladder.mask;
  const Row cost = CostOf(m, quality);
  const Row next_cost = Next(cost);
  const Row gap = m.next_step * (next_cost + share * (cost - next_cost));
  const float largest = m.outside_option + kLargestRentNoises * m.participation_noise;
  const float base = Sum(share * (m.ladder.mask - Next(m.ladder.mask))) * largest;
  return {quality, (SumFrom(gap) + base) * m.ladder.mask, share};
}

// Mean and variance of the coverage.
struct Coverage {
  float mean, variance;
};

inline Coverage CoverageMoments(const Prepared& m, const Row& delivered) {
  constexpr float kDeliverySquare = 1.0941742837052104F;  // exp(.09)
  const Row& p = m.ladder.probabilities;
  const Row expected = p * delivered;
  const float mean = Sum(expected);
  const Row spread = p * (Row::Of(1.0F) - p) / Row::Of(m.vehicles) + p * p;
  const float own = Sum(delivered * delivered * (spread * kDeliverySquare - p * p));
  const float others = (mean * mean - Sum(expected * expected)) / m.vehicles;
  const float variance = own - others;
  return {mean, variance > 1e-12F ? variance : 1e-12F};
}

// E[V(S)] and E[V'(S)] for a normal S.
struct MeanValue {
  float value, slope;
};

inline MeanValue ExpectedValue(const Prepared& m, const Coverage& coverage) {
  // Gauss-Hermite of order 5.
  constexpr float kNodes[kLadderTypes] = {-2.856970013872806F, -1.3556261799742659F, 0.0F, 1.3556261799742659F,
                                          2.856970013872806F};
  constexpr float kWeights[kLadderTypes] = {0.011257411327720691F, 0.22207592200561266F, 0.5333333333333333F,
                                            0.22207592200561266F, 0.011257411327720691F};
  const Row weights = Row::LoadFrom(kWeights);
  const Row at = AtLeast(Row::LoadFrom(kNodes) * __builtin_sqrtf(coverage.variance) + coverage.mean, 0.0F);
  const Row passed = Sigmoid((at - m.threshold) / Row::Of(m.threshold_width));
  const Row scaled = at * m.value_rate + 1.0F;
  const Row log_slope = Row::Of(m.coverage_value * m.value_rate) / scaled;
  const Row step_slope = passed * (Row::Of(1.0F) - passed) * (m.threshold_value / m.threshold_width);
  return {Sum(weights * (Log(scaled) * m.coverage_value + passed * m.threshold_value)),
          Sum(weights * (log_slope + step_slope))};
}

inline Row LogRatio(const Row& value, const Row& cost) {
  return Clamp(Log(AtLeast(value, 1e-9F) / AtLeast(cost, 1e-9F)), -4.0F, 4.0F);
}

// Sums of values and costs over types of about the same quality.
struct Shared {
  Row value, cost;
};

inline Shared ShareAmongPooled(const Prepared& m, const Row& quality, const Row& value, const Row& cost) {
  constexpr float kNeighbourhood = 0.03F;
  float qualities[kLadderTypes];
  float values[kLadderTypes];
  float costs[kLadderTypes];
  quality.StoreTo(qualities);
  value.StoreTo(values);
  cost.StoreTo(costs);
  Shared shared = {Row::Of(0.0F), Row::Of(0.0F)};
  for (int j = 0; j < m.ladder.types; ++j) {
    const Row distance = (quality - qualities[j]) / Row::Of(kNeighbourhood);
    const Row closeness = Exp(distance * distance * -1.0F);
    shared.value = shared.value + closeness * values[j];
    shared.cost = shared.cost + closeness * costs[j];
  }
  return shared;
}

inline void Propose(const Prepared& m, const float* noisy, const float* proposed, float* features) {
  const int types = m.ladder.types;
  const Row& p = m.ladder.probabilities;
  const Row& theta = m.ladder.theta;
  const Row quality_levels = LoadLevels(proposed, types);
  const Row rent_levels = LoadLevels(proposed + types, types);
  const Menu menu = Decode(m, quality_levels, rent_levels);
  const Row rent_noises = (menu.rent - m.outside_option) / Row::Of(m.participation_noise);
  const Row participation = Sigmoid(rent_noises) * m.ladder.mask;
  const Coverage coverage = CoverageMoments(m, participation * menu.quality);
  const MeanValue expected = ExpectedValue(m, coverage);

  const Row rewards = (menu.rent + theta * CostOf(m, menu.quality)) * m.ladder.mask;
  const Row surplus = menu.quality * expected.slope - rewards;
  const Row own_gain = (Row::Of(1.0F) - participation) * surplus / Row::Of(m.participation_noise) - 1.0F;
  const Row taken = p * participation;
  const Row gain = SumTo(taken * own_gain);
  const Row mean_gain = gain / AtLeast(SumTo(taken), 1e-6F);

  const Row marginal_cost = menu.quality * m.cost_curvature + 1.0F;
  const Row rest = Row::Of(1.0F) - menu.share;
  const Row lifted = Previous(m.next_step * rest * gain) + m.next_step * menu.share * gain;
  const Row value = taken * expected.slope;
  const Row cost = marginal_cost * (taken * theta - lifted);
  const Shared shared = ShareAmongPooled(m, menu.quality, value, cost);

  const Row pay = Row::Of(Sum(taken * rewards));
  const float width = __builtin_sqrtf(coverage.variance + m.threshold_width * m.threshold_width);
  const Row gap = Clamp(Row::Of((coverage.mean - m.threshold) / width), -4.0F, 4.0F);
  const Row rows[] = {LoadLevels(noisy, types),
                      LoadLevels(noisy + types, types),
                      quality_levels,
                      rent_levels,
                      menu.quality * 2.0F - 1.0F,
                      participation,
                      Clamp(rent_noises, -4.0F, 12.0F) * 0.25F,
                      LogRatio(value, cost),
                      LogRatio(shared.value, shared.cost),
                      Clamp(mean_gain, -2.0F, 4.0F),
                      Clamp(own_gain, -2.0F, 4.0F),
                      gap,
                      LogRatio(Row::Of(expected.value - m.idle_value), pay)};
  for (const Row& row : rows) {
    (row * m.ladder.mask).StoreTo(features);
    features += kFusedTypes;
  }
}

}  // namespace fused_uncertain
}  // namespace
}  // namespace giot::bundle
