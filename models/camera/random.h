#pragma once

#include <cstdint>

namespace giot::camera {

// Avalanches 64 bits: the output function of SplitMix64 (Steele, Lea and Flood 2014).
constexpr std::uint64_t Mix(std::uint64_t x) {
  x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9ULL;
  x = (x ^ (x >> 27U)) * 0x94D049BB133111EBULL;
  return x ^ (x >> 31U);
}

// A seed for one purpose out of a seed for many.
constexpr std::uint64_t Derive(std::uint64_t seed, std::uint64_t purpose) {
  return Mix(seed + 0x9E3779B97F4A7C15ULL * (purpose + 1));
}

// SplitMix64: the same numbers on every platform, which std::*_distribution does not promise.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(Mix(seed)) {}

  std::uint64_t Next() { return Mix(state_ += 0x9E3779B97F4A7C15ULL); }
  // In [0, 1).
  double Uniform() { return static_cast<double>(Next() >> 11U) * 0x1.0p-53; }
  double Uniform(double low, double high) { return low + (high - low) * Uniform(); }
  // In [low, high].
  int Integer(int low, int high) { return low + static_cast<int>(Uniform() * (high - low + 1)); }
  bool Chance(double probability) { return Uniform() < probability; }
  // Mean 0, variance 1; within +-3.7.
  double Normal();

 private:
  std::uint64_t state_;
};

// Standard normal deviates, `count` of them: the row `row` of the field that `seed` names.
void FillNormal(float* out, int count, std::uint64_t seed, int row);

}  // namespace giot::camera
