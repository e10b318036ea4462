#pragma once

namespace giot::freshness {

// Most types of a row; freshness::kMaxTypes.
inline constexpr int kRowTypes = 25;

// One market's candidates, [types] each, money where the largest sensing cost is 1.
struct CandidateRow {
  int types;
  const float* probabilities;
  const float* sensing_costs;
  const float* update_costs;
  const float* quality;
  const float* update_rate;
  const float* rent;
  const float* value;  // V(q_j, f_j).
};

// What SettleCandidates says of one market; see Settled.
struct SettledRow {
  int picks[kRowTypes];  // The candidate that each type picks; `types` if it opts out.
  float mass[kRowTypes];
  float reward[kRowTypes];
  float utility[kRowTypes];
  float flow[kRowTypes];
  float demand_sensing[kRowTypes];
  float demand_update[kRowTypes];
};

// Settles the candidates of one market (a type picks the earliest of what it likes best,
// 4e-6 counting as nothing, so that rounding decides little), and lets types that are then indifferent move to
// what the server prefers, up to `improvements` times while that pays; types in
// 1..kRowTypes. The same numbers as the tensor operations to float32 rounding. No heap.
SettledRow SettleRow(const CandidateRow& row, int improvements);

}  // namespace giot::freshness
