#pragma once

#include "models/bundle/fused_kernel.h"
#include "models/bundle/fused_vector.h"

// What the families with one private cost share in fused_kernel.cc: types on a ladder of
// costs. Features lie feature by feature, [features][kFusedTypes].

namespace giot::bundle {
namespace {

inline constexpr int kLadderTypes = 16;
using Row = RowOf<kLadderTypes>;

struct Ladder {
  int types;
  Row theta;
  Row probabilities;
  Row mask;
  Row before;         // P_{k-1}
  Row step_up;        // theta_k - theta_{k-1}; theta_1 for the first.
  Row virtual_costs;  // policy::VirtualCosts
};

inline Row MaskOf(int types) {
  float mask[kLadderTypes];
  for (int k = 0; k < kLadderTypes; ++k) mask[k] = k < types ? 1.0F : 0.0F;
  return Row::LoadFrom(mask);
}

inline Ladder MakeLadder(const contract::PackedMarket& market) {
  float before[kLadderTypes] = {};
  float step_up[kLadderTypes] = {};
  float rent[kLadderTypes] = {};
  double cheaper = 0.0;
  for (int k = 0; k < market.types; ++k) {
    const float theta = market.cost_types[k];
    const float p = market.probabilities[k];
    step_up[k] = k == 0 ? theta : theta - market.cost_types[k - 1];
    if (k > 0) rent[k] = static_cast<float>(cheaper) * step_up[k] / (p > 1e-12F ? p : 1e-12F);
    before[k] = static_cast<float>(cheaper);
    cheaper += static_cast<double>(p);
  }
  Ladder ladder;
  ladder.types = market.types;
  ladder.theta = Row::LoadFrom(market.cost_types);
  ladder.probabilities = Row::LoadFrom(market.probabilities);
  ladder.mask = MaskOf(market.types);
  ladder.before = Row::LoadFrom(before);
  ladder.step_up = Row::LoadFrom(step_up);
  ladder.virtual_costs = ladder.theta + Row::LoadFrom(rent);
  return ladder;
}

// theta_k, p_k, P_{k-1}, theta_k - theta_{k-1}, log p_k, log(phi_k / scale), mask; 0 on padding.
inline void LadderFeatures(const Ladder& ladder, float scale, float* features) {
  const Row rows[] = {ladder.theta,
                      ladder.probabilities,
                      ladder.before,
                      ladder.step_up,
                      Log(AtLeast(ladder.probabilities, 1e-9F)),
                      Log(ladder.virtual_costs / Row::Of(scale)),
                      ladder.mask};
  for (const Row& row : rows) {
    (row * ladder.mask).StoreTo(features);
    features += kFusedTypes;
  }
}

// Levels of the ladder's types, 0 on padding.
inline Row LoadLevels(const float* from, int types) {
  float values[kLadderTypes] = {};
  for (int k = 0; k < types; ++k) values[k] = from[k];
  return Row::LoadFrom(values);
}

// The nonincreasing sequence closest to `values` under the types' weights, by
// pooling adjacent violators, in double precision as policy::NonincreasingRegression.
inline Row Nonincreasing(const Ladder& ladder, const Row& values) {
  float value[kLadderTypes];
  float weight[kLadderTypes];
  values.StoreTo(value);
  ladder.probabilities.StoreTo(weight);
  double sum[kLadderTypes];
  double mass[kLadderTypes];
  int last[kLadderTypes];  // The last type of each block.
  int blocks = 0;
  for (int k = 0; k < ladder.types; ++k) {
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

}  // namespace
}  // namespace giot::bundle
