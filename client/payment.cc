#include "client/payment.h"

#include <algorithm>
#include <cmath>

namespace giot::client {
namespace {

std::int64_t Micros(double share) {
  constexpr double kMicro = 1e6;
  return std::llround(share * kMicro);
}

}  // namespace

bool IsPaid(const v1::SensingQualityScore& score, const PaymentTerms& terms, std::int64_t agreed_micros) {
  const std::int64_t quality = Micros(score.quality());
  const std::int64_t allowance = std::max<std::int64_t>(0, Micros(terms.Allowance()));
  return quality > 0 && quality + allowance >= agreed_micros &&
         Micros(score.quality_lower()) + Micros(terms.delta) >= agreed_micros;
}

}  // namespace giot::client
