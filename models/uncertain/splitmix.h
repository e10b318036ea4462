#pragma once

#include <cstdint>

namespace giot::uncertain {

// SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators,
// OOPSLA 2014): draw i is a hash of seed + i times the golden ratio, the same on
// every machine.
class SplitMix64 {
 public:
  explicit SplitMix64(std::uint64_t seed) : state_(seed) {}

  std::uint64_t operator()() {
    state_ += 0x9e3779b97f4a7c15;
    return Mix(state_);
  }

  // Uniform in (0, 1), 52 bits.
  double Uniform() { return (static_cast<double>((*this)() >> 12) + 0.5) * 0x1p-52; }

  // A bijection that spreads every bit.
  static std::uint64_t Mix(std::uint64_t x) {
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
    x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
    return x ^ (x >> 31);
  }

 private:
  std::uint64_t state_;
};

}  // namespace giot::uncertain
