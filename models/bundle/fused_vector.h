#pragma once

// Vectors of floats as wide as the instruction set that fused_kernel.cc is being
// compiled for (GIOT_VECTOR_BYTES), on the compiler's vector extensions. All in
// an anonymous namespace: each compilation keeps its own.

namespace giot::bundle {
namespace {

using Vec = float __attribute__((vector_size(GIOT_VECTOR_BYTES)));
using IntVec = int __attribute__((vector_size(GIOT_VECTOR_BYTES)));
constexpr int kLanes = GIOT_VECTOR_BYTES / 4;

inline Vec Load(const float* from) {
  Vec value;
  __builtin_memcpy(&value, from, sizeof value);
  return value;
}
inline void Store(float* to, Vec value) { __builtin_memcpy(to, &value, sizeof value); }
// Minus, as 0 + value would not be the identity for -0 and cost an addition.
inline Vec Broadcast(float value) { return value - Vec{}; }

// NaN passes through, so that it is seen in the end.
inline Vec AtLeast(Vec x, float least) { return x < Broadcast(least) ? Broadcast(least) : x; }
inline Vec AtMost(Vec x, float most) { return x > Broadcast(most) ? Broadcast(most) : x; }
inline Vec Clamp(Vec x, float least, float most) { return AtMost(AtLeast(x, least), most); }

inline float Sum(Vec x) {
  float sum = x[0];
  for (int lane = 1; lane < kLanes; ++lane) sum += x[lane];
  return sum;
}

// e^x to about one unit in the last place: x = n ln 2 + r, |r| <= ln(2)/2, and
// the minimax polynomial of Cephes (Moshier 1989, expf) for e^r. Saturates where
// float ends.
inline Vec Exp(Vec x) {
  constexpr float kRoundToInteger = 12582912.0F;  // 1.5 2^23: a sum has no bits left for a fraction.
  x = Clamp(x, -87.33F, 88.37F);
  const Vec n = (x * 1.44269504F + kRoundToInteger) - kRoundToInteger;
  const Vec r = (x - n * 0.693359375F) + n * 2.12194440e-4F;
  Vec y = r * 1.9875691500e-4F + 1.3981999507e-3F;
  y = y * r + 8.3334519073e-3F;
  y = y * r + 4.1665795894e-2F;
  y = y * r + 1.6666665459e-1F;
  y = y * r + 5.0000001201e-1F;
  y = y * (r * r) + r + 1.0F;
  const IntVec exponent = (__builtin_convertvector(n, IntVec) + 127) << 23;
  return y * __builtin_bit_cast(Vec, exponent);
}

// ln x for positive, normal x, to about one unit in the last place (Cephes, logf).
inline Vec Log(Vec x) {
  constexpr float kSqrt2 = 1.41421356F;
  const IntVec bits = __builtin_bit_cast(IntVec, x);
  Vec mantissa = __builtin_bit_cast(Vec, (bits & 0x007FFFFF) | 0x3F800000);
  Vec exponent = __builtin_convertvector((bits >> 23) - 127, Vec);
  const IntVec upper = mantissa > Broadcast(kSqrt2);
  mantissa = upper ? mantissa * 0.5F : mantissa;
  exponent = upper ? exponent + 1.0F : exponent;
  const Vec t = mantissa - 1.0F;
  const Vec square = t * t;
  Vec y = t * 7.0376836292e-2F - 1.1514610310e-1F;
  y = y * t + 1.1676998740e-1F;
  y = y * t - 1.2420140846e-1F;
  y = y * t + 1.4249322787e-1F;
  y = y * t - 1.6668057665e-1F;
  y = y * t + 2.0000714765e-1F;
  y = y * t - 2.4999993993e-1F;
  y = y * t + 3.3333331174e-1F;
  y = y * t * square - exponent * 2.12194440e-4F - square * 0.5F;
  return t + y + exponent * 0.693359375F;
}

inline Vec Silu(Vec x) { return x / (1.0F + Exp(-x)); }

// One number for each type of a market, padding included.
template <int kWidth>
struct RowOf {
  static constexpr int kParts = kWidth / kLanes;
  Vec part[kParts];

  static RowOf LoadFrom(const float* from) {
    RowOf row;
    for (int i = 0; i < kParts; ++i) row.part[i] = Load(from + i * kLanes);
    return row;
  }
  static RowOf Of(float value) {
    RowOf row;
    for (int i = 0; i < kParts; ++i) row.part[i] = Broadcast(value);
    return row;
  }
  void StoreTo(float* to) const {
    for (int i = 0; i < kParts; ++i) Store(to + i * kLanes, part[i]);
  }
};

template <int kWidth, typename Function>
inline RowOf<kWidth> Map(const RowOf<kWidth>& a, Function function) {
  RowOf<kWidth> result;
  for (int i = 0; i < RowOf<kWidth>::kParts; ++i) result.part[i] = function(a.part[i]);
  return result;
}
template <int kWidth, typename Function>
inline RowOf<kWidth> Map(const RowOf<kWidth>& a, const RowOf<kWidth>& b, Function function) {
  RowOf<kWidth> result;
  for (int i = 0; i < RowOf<kWidth>::kParts; ++i) result.part[i] = function(a.part[i], b.part[i]);
  return result;
}

template <int kWidth>
inline RowOf<kWidth> operator+(const RowOf<kWidth>& a, const RowOf<kWidth>& b) {
  return Map(a, b, [](Vec x, Vec y) { return x + y; });
}
template <int kWidth>
inline RowOf<kWidth> operator-(const RowOf<kWidth>& a, const RowOf<kWidth>& b) {
  return Map(a, b, [](Vec x, Vec y) { return x - y; });
}
template <int kWidth>
inline RowOf<kWidth> operator*(const RowOf<kWidth>& a, const RowOf<kWidth>& b) {
  return Map(a, b, [](Vec x, Vec y) { return x * y; });
}
template <int kWidth>
inline RowOf<kWidth> operator/(const RowOf<kWidth>& a, const RowOf<kWidth>& b) {
  return Map(a, b, [](Vec x, Vec y) { return x / y; });
}
template <int kWidth>
inline RowOf<kWidth> operator+(const RowOf<kWidth>& a, float b) {
  return Map(a, [b](Vec x) { return x + b; });
}
template <int kWidth>
inline RowOf<kWidth> operator-(const RowOf<kWidth>& a, float b) {
  return Map(a, [b](Vec x) { return x - b; });
}
template <int kWidth>
inline RowOf<kWidth> operator*(const RowOf<kWidth>& a, float b) {
  return Map(a, [b](Vec x) { return x * b; });
}
template <int kWidth>
inline RowOf<kWidth> Log(const RowOf<kWidth>& a) {
  return Map(a, [](Vec x) { return Log(x); });
}
template <int kWidth>
inline RowOf<kWidth> Exp(const RowOf<kWidth>& a) {
  return Map(a, [](Vec x) { return Exp(x); });
}
template <int kWidth>
inline RowOf<kWidth> AtLeast(const RowOf<kWidth>& a, float least) {
  return Map(a, [least](Vec x) { return AtLeast(x, least); });
}
template <int kWidth>
inline RowOf<kWidth> Clamp(const RowOf<kWidth>& a, float least, float most) {
  return Map(a, [least, most](Vec x) { return Clamp(x, least, most); });
}
template <int kWidth>
inline float Sum(const RowOf<kWidth>& a) {
  Vec sum = a.part[0];
  for (int i = 1; i < RowOf<kWidth>::kParts; ++i) sum += a.part[i];
  return Sum(sum);
}

}  // namespace
}  // namespace giot::bundle
