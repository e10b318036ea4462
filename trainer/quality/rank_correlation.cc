#include "trainer/quality/rank_correlation.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <random>

namespace giot::trainer {
namespace {

std::vector<double> Ranks(absl::Span<const double> values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  std::vector<double> ranks(values.size());
  for (std::size_t first = 0; first < order.size();) {
    std::size_t end = first;
    while (end < order.size() && values[order[end]] == values[order[first]]) ++end;
    for (std::size_t i = first; i < end; ++i) ranks[order[i]] = static_cast<double>(first + end - 1) / 2.0;
    first = end;
  }
  return ranks;
}

}  // namespace

double RankCorrelation(absl::Span<const double> a, absl::Span<const double> b) {
  const std::vector<double> ranks_a = Ranks(a);
  const std::vector<double> ranks_b = Ranks(b);
  const double middle = (static_cast<double>(a.size()) - 1.0) / 2.0;
  double ab = 0.0;
  double aa = 0.0;
  double bb = 0.0;
  for (std::size_t i = 0; i < ranks_a.size(); ++i) {
    ab += (ranks_a[i] - middle) * (ranks_b[i] - middle);
    aa += (ranks_a[i] - middle) * (ranks_a[i] - middle);
    bb += (ranks_b[i] - middle) * (ranks_b[i] - middle);
  }
  return aa > 0.0 && bb > 0.0 ? ab / std::sqrt(aa * bb) : 0.0;
}

Interval BootstrapInterval(int clusters, int draws, std::uint64_t seed,
                           const std::function<double(const std::vector<int>& chosen)>& statistic) {
  std::mt19937_64 random(seed);
  std::vector<double> values;
  std::vector<int> chosen(static_cast<std::size_t>(clusters));
  for (int draw = 0; draw < draws; ++draw) {
    for (int& cluster : chosen) cluster = static_cast<int>(random() % static_cast<std::uint64_t>(clusters));
    const double value = statistic(chosen);
    if (!std::isnan(value)) values.push_back(value);
  }
  return {.low = Quantile(values, 0.025), .high = Quantile(values, 0.975)};
}

}  // namespace giot::trainer
