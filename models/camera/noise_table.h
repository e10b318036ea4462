#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace giot::camera {

// std::floor, without the call into the mathematical library that it is on the oldest processors we build for.
inline int Floor(float value) {
  const int towards_zero = static_cast<int>(value);
  return towards_zero - (static_cast<float>(towards_zero) > value ? 1 : 0);
}
inline float Fraction(float value) { return value - static_cast<float>(Floor(value)); }
// Distance to the nearest integer.
inline float ToNearest(float value) {
  const float fraction = Fraction(value);
  return fraction < 0.5F ? fraction : 1.0F - fraction;
}

// Value noise over the plane, looked up in a periodic lattice of one period for any number of textures.
class NoiseTable {
 public:
  explicit NoiseTable(std::uint64_t seed);

  // In [-1, 1], bilinear between lattice points one unit apart; repeats every kSide units.
  float At(float x, float y) const {
    const int column = Floor(x);
    const int row = Floor(y);
    const float across = x - static_cast<float>(column);
    const float down = y - static_cast<float>(row);
    const float above = Between(values_[Index(column, row)], values_[Index(column + 1, row)], across);
    const float below = Between(values_[Index(column, row + 1)], values_[Index(column + 1, row + 1)], across);
    return kStep * (above + down * (below - above));
  }
  // The lattice point itself.
  float Cell(int x, int y) const { return kStep * static_cast<float>(values_[Index(x, y)]); }
  // Octaves from one unit up in frequency, each half as strong; about [-1, 1].
  float Fractal(float x, float y, int octaves) const;

 private:
  static constexpr int kBits = 9;
  static constexpr int kSide = 1 << kBits;
  static std::size_t Index(int x, int y) {
    return static_cast<std::size_t>(((y & (kSide - 1)) << kBits) | (x & (kSide - 1)));
  }
  static float Between(std::int8_t from, std::int8_t to, float share) {
    return static_cast<float>(from) + share * static_cast<float>(to - from);
  }

  // Bytes, so that the lattice stays in the processor's cache.
  static constexpr float kStep = 1.0F / 127.0F;
  std::vector<std::int8_t> values_;
};

}  // namespace giot::camera
