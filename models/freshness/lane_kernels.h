#pragma once

#include <array>
#include <cstddef>

#include "models/freshness/freshness_market.h"

namespace giot::freshness {

// One number for each type of a market, padded to whole vector registers.
inline constexpr std::size_t kTypeLanes = 32;
static_assert(kTypeLanes >= static_cast<std::size_t>(kMaxTypes));
using TypeLanes = std::array<double, kTypeLanes>;

// The loops that most of the time is spent in, over one lane a type. Compiled for
// AVX2 as well, which is used where the CPU has it; both give the same result to
// the last bit. Item arrays have `size` entries, costs one row of lanes an item.

// cost[j][t] = sensing_cost[t] quality[j] + update_cost[t] update_rate[j].
void FillCosts(const TypeLanes& sensing_cost, const TypeLanes& update_cost, const double* quality,
               const double* update_rate, int size, TypeLanes* cost);

// utility[t] = max(0, max_j reward[j] - cost[j][t]).
void FindBestUtilities(const double* reward, const TypeLanes* cost, int size, TypeLanes& utility);

// pick[t] = the j of largest gain[j], the first of equals, among those with
// reward[j] - cost[j][t] >= least[t]; or -1 if there is none, or least[t] <= 0
// and no such gain is positive.
void PickMostProfitable(const double* reward, const double* gain, const TypeLanes* cost, int size,
                        const TypeLanes& least, TypeLanes& pick);

}  // namespace giot::freshness
