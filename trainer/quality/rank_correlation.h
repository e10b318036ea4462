#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "absl/types/span.h"
#include "trainer/evaluation/statistics.h"

namespace giot::trainer {

// Spearman's: Pearson's correlation of the ranks, ties at their mean rank. 0 where one side does not vary.
// Both of one size.
double RankCorrelation(absl::Span<const double> a, absl::Span<const double> b);

// Holds, in 95 of 100 cases, the statistic of the population that the clusters were drawn from: percentiles of the
// statistic over `draws` resamplings of whole clusters with replacement (Efron 1979). `statistic` takes the chosen
// clusters, some of them repeatedly; draws on which it is NaN are left out. Deterministic given the seed.
Interval BootstrapInterval(int clusters, int draws, std::uint64_t seed,
                           const std::function<double(const std::vector<int>& chosen)>& statistic);

}  // namespace giot::trainer
