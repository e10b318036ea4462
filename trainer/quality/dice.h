#pragma once

#include <cstddef>
#include <cstdint>
#include <random>

namespace giot::trainer {

// Random numbers that are the same on every platform, which those of std::uniform_real_distribution are not.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}

  std::uint64_t Seed() { return engine_(); }
  // In [0, 1).
  double Uniform() { return static_cast<double>(engine_() >> 11) * 0x1p-53; }
  double Between(double low, double high) { return low + (high - low) * Uniform(); }
  // In [0, count), count positive.
  std::size_t Below(std::size_t count) { return static_cast<std::size_t>(engine_() % count); }

 private:
  std::mt19937_64 engine_;
};

}  // namespace giot::trainer
