#include "models/freshness/lane_kernels.h"

#include <limits>

namespace giot::freshness {
namespace {

// Plain loops over lanes, in the form that compilers turn into vector code.

[[gnu::always_inline]] inline void FillCostsInLanes(const TypeLanes& sensing_cost, const TypeLanes& update_cost,
                                                    const double* quality, const double* update_rate, int size,
                                                    TypeLanes* cost) {
  for (int j = 0; j < size; ++j) {
    const double q = quality[j];
    const double f = update_rate[j];
    double* const row = cost[j].data();
    for (std::size_t t = 0; t < kTypeLanes; ++t) row[t] = sensing_cost[t] * q + update_cost[t] * f;
  }
}

[[gnu::always_inline]] inline void FindBestUtilitiesInLanes(const double* reward, const TypeLanes* cost, int size,
                                                            TypeLanes& utility) {
  TypeLanes best{};
  for (int j = 0; j < size; ++j) {
    for (std::size_t t = 0; t < kTypeLanes; ++t) {
      const double own = reward[j] - cost[j][t];
      best[t] = own > best[t] ? own : best[t];
    }
  }
  utility = best;
}

[[gnu::always_inline]] inline void PickMostProfitableInLanes(const double* reward, const double* gain,
                                                             const TypeLanes* cost, int size, const TypeLanes& least,
                                                             TypeLanes& pick) {
  TypeLanes best_gain;
  TypeLanes best;
  for (std::size_t t = 0; t < kTypeLanes; ++t) {
    best_gain[t] = least[t] <= 0.0 ? 0.0 : -std::numeric_limits<double>::infinity();
    best[t] = -1.0;
  }
  for (int j = 0; j < size; ++j) {
    const double gained = gain[j];
    const auto index = static_cast<double>(j);
    for (std::size_t t = 0; t < kTypeLanes; ++t) {
      const bool better = reward[j] - cost[j][t] >= least[t] && gained > best_gain[t];
      best_gain[t] = better ? gained : best_gain[t];
      best[t] = better ? index : best[t];
    }
  }
  pick = best;
}

// AVX2 without FMA, whose single rounding would make menus depend on the CPU.
#if defined(__x86_64__)
const bool kHasAvx2 = __builtin_cpu_supports("avx2") != 0;

[[gnu::target("avx2")]] void FillCostsAvx2(const TypeLanes& sensing_cost, const TypeLanes& update_cost,
                                           const double* quality, const double* update_rate, int size,
                                           TypeLanes* cost) {
  FillCostsInLanes(sensing_cost, update_cost, quality, update_rate, size, cost);
}
[[gnu::target("avx2")]] void FindBestUtilitiesAvx2(const double* reward, const TypeLanes* cost, int size,
                                                   TypeLanes& utility) {
  FindBestUtilitiesInLanes(reward, cost, size, utility);
}
[[gnu::target("avx2")]] void PickMostProfitableAvx2(const double* reward, const double* gain, const TypeLanes* cost,
                                                    int size, const TypeLanes& least, TypeLanes& pick) {
  PickMostProfitableInLanes(reward, gain, cost, size, least, pick);
}
#endif

}  // namespace

void FillCosts(const TypeLanes& sensing_cost, const TypeLanes& update_cost, const double* quality,
               const double* update_rate, int size, TypeLanes* cost) {
#if defined(__x86_64__)
  if (kHasAvx2) return FillCostsAvx2(sensing_cost, update_cost, quality, update_rate, size, cost);
#endif
  FillCostsInLanes(sensing_cost, update_cost, quality, update_rate, size, cost);
}

void FindBestUtilities(const double* reward, const TypeLanes* cost, int size, TypeLanes& utility) {
#if defined(__x86_64__)
  if (kHasAvx2) return FindBestUtilitiesAvx2(reward, cost, size, utility);
#endif
  FindBestUtilitiesInLanes(reward, cost, size, utility);
}

void PickMostProfitable(const double* reward, const double* gain, const TypeLanes* cost, int size,
                        const TypeLanes& least, TypeLanes& pick) {
#if defined(__x86_64__)
  if (kHasAvx2) return PickMostProfitableAvx2(reward, gain, cost, size, least, pick);
#endif
  PickMostProfitableInLanes(reward, gain, cost, size, least, pick);
}

}  // namespace giot::freshness
