#pragma once

#include <bit>
#include <cstdint>

namespace giot::uncertain {

// exp and ln in double precision without branches, calls or tables, so that a
// compiler can run loops over them on as many lanes as the CPU has. Always inlined,
// so they take on the instruction set of the function around them.

// exp(x) within 1e-15, relative, for finite x; x beyond +-700 counts as +-700.
[[gnu::always_inline]] inline double VectorExp(double x) {
  constexpr double kLog2E = 1.4426950408889634;
  // ln 2 in two parts, the first with so few bits that n times it is exact.
  constexpr double kLn2High = 0x1.62e42fefa38p-1;
  constexpr double kLn2Low = 0x1.ef35793c7673p-45;
  // Added, it leaves the nearest whole number in the lowest bits.
  constexpr double kShift = 0x1.8p52;
  x = x < -700.0 ? -700.0 : x;
  x = x > 700.0 ? 700.0 : x;
  const double shifted = x * kLog2E + kShift;
  const double n = shifted - kShift;
  const double r = (x - n * kLn2High) - n * kLn2Low;
  double sum = 1.0 / 479001600.0;  // Taylor: |r| <= ln(2) / 2, the next term is below 2e-16.
  sum = sum * r + 1.0 / 39916800.0;
  sum = sum * r + 1.0 / 3628800.0;
  sum = sum * r + 1.0 / 362880.0;
  sum = sum * r + 1.0 / 40320.0;
  sum = sum * r + 1.0 / 5040.0;
  sum = sum * r + 1.0 / 720.0;
  sum = sum * r + 1.0 / 120.0;
  sum = sum * r + 1.0 / 24.0;
  sum = sum * r + 1.0 / 6.0;
  sum = sum * r + 0.5;
  sum = sum * r + 1.0;
  sum = sum * r + 1.0;
  return sum * std::bit_cast<double>((std::bit_cast<std::uint64_t>(shifted) + 1023) << 52);
}

// ln(y) within 1e-15, relative, for positive, finite, normal y.
[[gnu::always_inline]] inline double VectorLog(double y) {
  constexpr std::uint64_t kSqrtHalf = 0x3fe6a09e667f3bcd;
  constexpr std::uint64_t kMantissa = 0x000fffffffffffff;
  constexpr std::uint64_t kTwo52 = 0x4330000000000000;  // 2^52, whose lowest bits count ones.
  // y = 2^n m with m in [sqrt(1/2), sqrt(2)).
  const std::uint64_t above = std::bit_cast<std::uint64_t>(y) - kSqrtHalf;
  const std::uint64_t biased = (above + (std::uint64_t{1024} << 52)) >> 52;
  const double n = std::bit_cast<double>(biased | kTwo52) - (0x1p52 + 1024.0);
  const double m = std::bit_cast<double>((above & kMantissa) + kSqrtHalf);
  // ln m = 2 atanh(s), s = (m - 1) / (m + 1), |s| <= .172.
  const double s = (m - 1.0) / (m + 1.0);
  const double z = s * s;
  double sum = 1.0 / 21.0;
  sum = sum * z + 1.0 / 19.0;
  sum = sum * z + 1.0 / 17.0;
  sum = sum * z + 1.0 / 15.0;
  sum = sum * z + 1.0 / 13.0;
  sum = sum * z + 1.0 / 11.0;
  sum = sum * z + 1.0 / 9.0;
  sum = sum * z + 1.0 / 7.0;
  sum = sum * z + 1.0 / 5.0;
  sum = sum * z + 1.0 / 3.0;
  return n * 0.6931471805599453 + (2.0 * s + 2.0 * s * z * sum);
}

// ln(1 + x) for x >= 0, given inverse = 1 / (1 + x): also where 1 + x rounds.
[[gnu::always_inline]] inline double VectorLog1p(double x, double inverse) {
  const double y = 1.0 + x;
  return VectorLog(y) + (x - (y - 1.0)) * inverse;
}

}  // namespace giot::uncertain
