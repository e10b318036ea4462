#include "models/search/random_source.h"

#include <bit>
#include <cmath>
#include <cstddef>

namespace giot::search {
namespace {

constexpr std::size_t kLayers = 256;
constexpr double kTailStart = 3.6541528853610088;  // Where the base layer's tail begins,
constexpr double kLayerArea = 0.00492867323399;    // and the area of each layer.

double Density(double x) { return std::exp(-0.5 * x * x); }

// Layer i is the strip of height density(x[i + 1]) - density(x[i]) and width
// x[i]; layer 0 holds the tail, its width that of a rectangle of the same area.
struct Ziggurat {
  std::array<double, kLayers + 1> width;
  std::array<double, kLayers> inner_share;  // Of a layer's width, wholly below the density.

  Ziggurat() {
    width[0] = kLayerArea / Density(kTailStart);
    width[1] = kTailStart;
    for (std::size_t i = 2; i < kLayers; ++i) {
      width[i] = std::sqrt(-2.0 * std::log(kLayerArea / width[i - 1] + Density(width[i - 1])));
    }
    width[kLayers] = 0.0;
    for (std::size_t i = 0; i < kLayers; ++i) inner_share[i] = width[i + 1] / width[i];
  }
};

const Ziggurat kZiggurat;

// Sebastiano Vigna's splitmix64 spreads the seed over the state, which must not
// be all zero.
std::uint64_t SplitMix(std::uint64_t& state) {
  std::uint64_t z = state += 0x9E3779B97F4A7C15;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
  return z ^ (z >> 31);
}

}  // namespace

RandomSource::RandomSource(std::uint64_t seed) {
  for (std::uint64_t& word : state_) word = SplitMix(seed);
}

inline std::uint64_t RandomSource::NextBits(State& state) {
  const std::uint64_t result = std::rotl(state[0] + state[3], 23) + state[0];
  const std::uint64_t shifted = state[1] << 17;
  state[2] ^= state[0];
  state[3] ^= state[1];
  state[1] ^= state[2];
  state[0] ^= state[3];
  state[2] ^= shifted;
  state[3] = std::rotl(state[3], 45);
  return result;
}

double RandomSource::Uniform() { return static_cast<double>(NextBits(state_) >> 11) * 0x1p-53; }

// Marsaglia (1964): beyond the start of the tail.
double RandomSource::NextTail() {
  while (true) {
    const double x = -std::log(1.0 - Uniform()) / kTailStart;
    const double y = -std::log(1.0 - Uniform());
    if (2.0 * y >= x * x) return kTailStart + x;
  }
}

bool RandomSource::BelowDensity(std::size_t layer, double x) {
  const double low = Density(kZiggurat.width[layer]);
  const double high = Density(kZiggurat.width[layer + 1]);
  return low + Uniform() * (high - low) < Density(x);
}

void RandomSource::FillGaussian(absl::Span<double> out) {
  State state = state_;
  for (std::size_t i = 0; i < out.size();) {
    const std::uint64_t bits = NextBits(state);
    const std::size_t layer = bits % kLayers;
    // The upper 56 bits, as a number in [-1, 1).
    const double u = static_cast<double>(static_cast<std::int64_t>(bits) >> 8) * 0x1p-55;
    out[i] = u * kZiggurat.width[layer];
    if (std::abs(u) < kZiggurat.inner_share[layer]) [[likely]] {
      ++i;
      continue;
    }
    state_ = state;
    if (layer == 0) {
      out[i] = std::copysign(NextTail(), u);
      ++i;
    } else if (BelowDensity(layer, out[i])) {
      ++i;
    }
    state = state_;
  }
  state_ = state;
}

void RandomSource::FillLevels(absl::Span<double> out) {
  for (double& level : out) level = 2.0 * Uniform() - 1.0;
}

}  // namespace giot::search
