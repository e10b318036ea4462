#include "models/camera/random.h"

#include <array>
#include <cmath>
#include <cstddef>

namespace giot::camera {
namespace {

constexpr int kQuantileBits = 12;
constexpr std::size_t kQuantiles = std::size_t{1} << kQuantileBits;
constexpr std::uint64_t kQuantileMask = kQuantiles - 1;

double NormalQuantile(double probability) {
  double low = -6.0;
  double high = 6.0;
  for (int step = 0; step < 50; ++step) {
    const double middle = 0.5 * (low + high);
    (0.5 * std::erfc(-middle / std::sqrt(2.0)) < probability ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

std::array<float, kQuantiles> MakeQuantiles() {
  std::array<float, kQuantiles> quantiles{};
  for (std::size_t i = 0; i < kQuantiles; ++i) {
    quantiles[i] = static_cast<float>(NormalQuantile((static_cast<double>(i) + 0.5) / kQuantiles));
  }
  return quantiles;
}

const std::array<float, kQuantiles>& Quantiles() {
  static const std::array<float, kQuantiles> kTable = MakeQuantiles();
  return kTable;
}

}  // namespace

double Random::Normal() { return static_cast<double>(Quantiles()[Next() & kQuantileMask]); }

void FillNormal(float* out, int count, std::uint64_t seed, int row) {
  constexpr int kPerDraw = 64 / kQuantileBits;
  const auto& quantiles = Quantiles();
  Random random(Derive(seed, static_cast<std::uint64_t>(row)));
  for (int i = 0; i < count; i += kPerDraw) {
    std::uint64_t bits = random.Next();
    for (int k = i; k < i + kPerDraw && k < count; ++k, bits >>= kQuantileBits) {
      out[k] = quantiles[bits & kQuantileMask];
    }
  }
}

}  // namespace giot::camera
