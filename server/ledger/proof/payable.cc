#include "server/ledger/proof/payable.h"

#include <algorithm>
#include <cmath>

namespace giot::ledger {
namespace {

constexpr std::int64_t kWhole = 1'000'000;

std::int64_t Micros(double share) { return std::llround(share * static_cast<double>(kWhole)); }

}  // namespace

std::int32_t PayableMicros(double score, double lower, std::int32_t delta, std::int32_t allowance) {
  const std::int64_t score_micros = Micros(score);
  if (score_micros == 0) return 0;
  return static_cast<std::int32_t>(std::min({kWhole, Micros(lower) + delta, score_micros + allowance}));
}

}  // namespace giot::ledger
