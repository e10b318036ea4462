#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"

namespace giot::search {

// A fast stream of random numbers that depends on the seed alone, whatever the
// standard library: xoshiro256++ (Blackman and Vigna 2021), and for normal numbers the
// ziggurat (Marsaglia and Tsang 2000) as Doornik (2005) writes it, about 3 ns each. Of
// no cryptographic use.
class RandomSource {
 public:
  explicit RandomSource(std::uint64_t seed);

  // Uniform in [0, 1), in steps of 2^-53.
  double Uniform();

  // Independent standard normal numbers.
  void FillGaussian(absl::Span<double> out);

  // Independent levels, uniform in [-1, 1).
  void FillLevels(absl::Span<double> out);

 private:
  using State = std::array<std::uint64_t, 4>;

  static std::uint64_t NextBits(State& state);
  double NextTail();
  bool BelowDensity(std::size_t layer, double x);

  State state_;
};

}  // namespace giot::search
