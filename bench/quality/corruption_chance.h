#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>
#include <random>

namespace giot::bench {

// std::mt19937_64 is specified to the bit, std::*_distribution is not.
class Chance {
 public:
  explicit Chance(std::uint64_t seed) : engine_(seed) {}
  double Uniform() { return static_cast<double>(engine_() >> 11U) * 0x1.0p-53; }
  double Uniform(double low, double high) { return low + (high - low) * Uniform(); }
  int Below(int limit) { return static_cast<int>(Uniform() * limit); }
  // Box and Muller 1958.
  double Normal() {
    if (has_spare_) {
      has_spare_ = false;
      return spare_;
    }
    const double radius = std::sqrt(-2.0 * std::log(1.0 - Uniform()));
    const double angle = 2.0 * std::numbers::pi * Uniform();
    spare_ = radius * std::sin(angle);
    has_spare_ = true;
    return radius * std::cos(angle);
  }

 private:
  std::mt19937_64 engine_;
  double spare_ = 0.0;
  bool has_spare_ = false;
};

}  // namespace giot::bench
