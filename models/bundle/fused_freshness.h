#pragma once

#include "models/bundle/fused_kernel.h"
#include "models/bundle/fused_vector.h"
#include "models/freshness/columns.h"
#include "models/freshness/settle_row.h"

// freshness::ComputeFeatures and freshness::ProposalFeatures for fused_kernel.cc.
// Features lie feature by feature, [features][kFusedTypes].

namespace giot::bundle {
namespace {
namespace fused_freshness {

constexpr int kChannels = 3;
constexpr float kAgeOffset = 0.05F;
constexpr float kFreshestAge = 1.0F / 1.05F;
// Costs closer than this count as one step of a ladder.
constexpr float kSameCost = 1e-5F;

using Row = RowOf<kFusedTypes>;

struct Prepared {
  int types;
  float value_scale, value_rate, staleness_rate;
  Row theta, delta, probabilities, mask, largest_rent;
};

inline float LogOf(float x) { return Log(Broadcast(x))[0]; }

inline Row LoadLevels(const float* from, int types) {
  float values[kFusedTypes] = {};
  for (int t = 0; t < types; ++t) values[t] = from[t];
  return Row::LoadFrom(values);
}

// Columns of one number a type that a policy sees.
struct TypeColumns {
  float theta[kFusedTypes], delta[kFusedTypes], p[kFusedTypes];
  float cheaper_sensing[kFusedTypes], cheaper_update[kFusedTypes], no_costlier[kFusedTypes];
  float sensing_virtual[kFusedTypes], update_virtual[kFusedTypes];
};

// Virtual cost along one cost, the other held; see freshness::ComputeFeatures.
inline float VirtualCost(int types, const float* p, const float* cost, const float* other, int type) {
  float mass = 0.0F;
  float step = 1e9F;
  for (int j = 0; j < types; ++j) {
    const float gap = cost[type] - cost[j];
    if (__builtin_fabsf(other[type] - other[j]) >= kSameCost || gap <= kSameCost) continue;
    mass += p[j];
    step = gap < step ? gap : step;
  }
  return mass > 0.0F ? cost[type] + mass * step / (p[type] > 1e-9F ? p[type] : 1e-9F) : cost[type];
}

inline void FillColumns(int types, TypeColumns& c) {
  for (int t = 0; t < types; ++t) {
    float masses[3] = {};
    for (int j = 0; j < types; ++j) {
      if (c.theta[j] < c.theta[t] - kSameCost) masses[0] += c.p[j];
      if (c.delta[j] < c.delta[t] - kSameCost) masses[1] += c.p[j];
      if (c.theta[j] < c.theta[t] + kSameCost && c.delta[j] < c.delta[t] + kSameCost) masses[2] += c.p[j];
    }
    c.cheaper_sensing[t] = masses[0];
    c.cheaper_update[t] = masses[1];
    c.no_costlier[t] = masses[2];
    c.sensing_virtual[t] = VirtualCost(types, c.p, c.theta, c.delta, t);
    c.update_virtual[t] = VirtualCost(types, c.p, c.delta, c.theta, t);
  }
  for (int t = types; t < kFusedTypes; ++t) {
    c.cheaper_sensing[t] = c.cheaper_update[t] = c.no_costlier[t] = 0.0F;
    c.sensing_virtual[t] = c.update_virtual[t] = 1.0F;
  }
}

inline float Largest(const float* values, int count) {
  float largest = 0.0F;
  for (int i = 0; i < count; ++i) largest = values[i] > largest ? values[i] : largest;
  return largest;
}

inline Prepared Prepare(const contract::PackedMarket& market, float* type_features, float* global_features) {
  TypeColumns c;
  float mask[kFusedTypes];
  for (int t = 0; t < kFusedTypes; ++t) {
    mask[t] = t < market.types ? 1.0F : 0.0F;
    c.theta[t] = market.cost_types[t];
    c.p[t] = market.probabilities[t];
    c.delta[t] = t < market.types ? market.global[freshness::kUpdateCosts + t] : 1.0F;
  }
  FillColumns(market.types, c);
  const float largest_theta = Largest(c.theta, market.types);
  const float largest_delta = Largest(c.delta, market.types);
  Prepared m;
  m.types = market.types;
  m.value_scale = market.global[freshness::kValueScale];
  m.value_rate = market.global[freshness::kValueRate];
  m.staleness_rate = market.global[freshness::kStalenessRate];
  m.theta = Row::LoadFrom(c.theta);
  m.delta = Row::LoadFrom(c.delta);
  m.probabilities = Row::LoadFrom(c.p);
  m.mask = Row::LoadFrom(mask);
  m.largest_rent = Row::Of(largest_theta) - m.theta + (Row::Of(largest_delta) - m.delta);

  const Row rows[] = {m.theta,
                      m.delta,
                      m.probabilities,
                      Log(AtLeast(m.probabilities, 1e-9F)),
                      Row::LoadFrom(c.cheaper_sensing),
                      Row::LoadFrom(c.cheaper_update),
                      Row::LoadFrom(c.no_costlier),
                      Log(Row::LoadFrom(c.sensing_virtual)),
                      Log(Row::LoadFrom(c.update_virtual)),
                      m.mask};
  for (const Row& row : rows) {
    (row * m.mask).StoreTo(type_features);
    type_features += kFusedTypes;
  }
  const float globals[] = {
      m.value_scale, LogOf(m.value_scale),           LogOf(m.value_rate),           m.staleness_rate,
      largest_delta, Sum(m.probabilities * m.theta), Sum(m.probabilities * m.delta)};
  for (const float value : globals) *global_features++ = value;
  return m;
}

inline Row LogRatio(const Row& value, const Row& cost) {
  return Clamp(Log(AtLeast(value, 1e-6F) / AtLeast(cost, 1e-6F)), -4.0F, 4.0F);
}

// What type t picks, of `items`; 0 where it opts out.
inline Row OfPicked(const freshness::SettledRow& settled, int types, const Row& items) {
  float item[kFusedTypes + 1] = {};
  float picked[kFusedTypes] = {};
  items.StoreTo(item);
  for (int t = 0; t < types; ++t) picked[t] = settled.picks[t] < types ? item[settled.picks[t]] : 0.0F;
  return Row::LoadFrom(picked);
}

inline void Propose(const Prepared& m, const float* noisy, const float* proposed, float* features) {
  const int types = m.types;
  const Row levels[] = {LoadLevels(proposed, types), LoadLevels(proposed + types, types),
                        LoadLevels(proposed + 2 * types, types)};
  const Row quality = (levels[0] * 0.5F + 0.5F) * m.mask;
  const Row update_rate = (levels[1] * 0.5F + 0.5F) * m.mask;
  const Row rent = (levels[2] * 0.5F + 0.5F) * m.largest_rent * m.mask;
  const Row age = Row::Of(1.0F) / (update_rate + kAgeOffset);
  const Row freshness_share = Exp((age - kFreshestAge) * -m.staleness_rate);
  const Row scaled = quality * m.value_rate + 1.0F;
  const Row value = Log(scaled) * m.value_scale * freshness_share;

  float columns[7][kFusedTypes];
  const Row inputs[] = {m.probabilities, m.theta, m.delta, quality, update_rate, rent, value};
  for (int i = 0; i < 7; ++i) inputs[i].StoreTo(columns[i]);
  const freshness::SettledRow settled = freshness::SettleRow(
      {types, columns[0], columns[1], columns[2], columns[3], columns[4], columns[5], columns[6]}, /*improvements=*/0);
  float opts_out[kFusedTypes] = {};
  float own[kFusedTypes] = {};
  float used[kFusedTypes] = {};
  for (int t = 0; t < types; ++t) {
    opts_out[t] = settled.picks[t] == types ? 1.0F : 0.0F;
    own[t] = settled.picks[t] == t ? 1.0F : 0.0F;
    used[t] = settled.mass[t] > 0.0F ? 1.0F : 0.0F;
  }

  const Row mass = LoadLevels(settled.mass, types);
  const Row offered = rent + m.theta * quality + m.delta * update_rate;
  const Row slope_quality = Row::Of(m.value_scale * m.value_rate) / scaled * freshness_share;
  const Row slope_update = value * m.staleness_rate * (age * age);
  const Row margin_quality = LogRatio(mass * slope_quality, LoadLevels(settled.demand_sensing, types));
  const Row margin_update = LogRatio(mass * slope_update, LoadLevels(settled.demand_update, types));
  const Row scale = Row::Of(m.value_scale);
  const Row rows[] = {LoadLevels(noisy, types),
                      LoadLevels(noisy + types, types),
                      LoadLevels(noisy + 2 * types, types),
                      levels[0],
                      levels[1],
                      levels[2],
                      OfPicked(settled, types, quality),
                      OfPicked(settled, types, update_rate),
                      LoadLevels(settled.utility, types),
                      Row::LoadFrom(opts_out),
                      Row::LoadFrom(own),
                      mass,
                      OfPicked(settled, types, value - LoadLevels(settled.reward, types)) / scale,
                      (value - offered) / scale,
                      margin_quality * Row::LoadFrom(used),
                      margin_update * Row::LoadFrom(used),
                      OfPicked(settled, types, margin_quality),
                      OfPicked(settled, types, margin_update)};
  for (const Row& row : rows) {
    (row * m.mask).StoreTo(features);
    features += kFusedTypes;
  }
}

}  // namespace fused_freshness
}  // namespace
}  // namespace giot::bundle
