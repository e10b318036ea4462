#include "models/contract/isotonic.h"

#include <array>
#include <cstddef>

#include "models/contract/screening_market.h"

namespace giot::contract {
namespace {

struct Pool {
  double mean;
  double weight;
  std::size_t end;  // One past the last pooled value.
};

// `sign` 1 makes the values nondecreasing, -1 nonincreasing.
bool MakeMonotone(absl::Span<double> values, absl::Span<const double> weights, double sign) {
  std::array<Pool, kMaxTypes> pools;
  std::size_t count = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    pools[count++] = {values[i], weights[i], i + 1};
    while (count > 1 && sign * pools[count - 2].mean > sign * pools[count - 1].mean) {
      const Pool& last = pools[count - 1];
      Pool& merged = pools[count - 2];
      const double weight = merged.weight + last.weight;
      merged = {(merged.mean * merged.weight + last.mean * last.weight) / weight, weight, last.end};
      --count;
    }
  }
  std::size_t i = 0;
  for (std::size_t pool = 0; pool < count; ++pool) {
    for (; i < pools[pool].end; ++i) values[i] = pools[pool].mean;
  }
  return count < values.size();
}

}  // namespace

bool MakeNondecreasing(absl::Span<double> values, absl::Span<const double> weights) {
  return MakeMonotone(values, weights, 1.0);
}

bool MakeNonincreasing(absl::Span<double> values, absl::Span<const double> weights) {
  return MakeMonotone(values, weights, -1.0);
}

}  // namespace giot::contract
