#include "models/uncertain/scenarios.h"

#include <cmath>
#include <cstddef>

#include "models/uncertain/multinomial.h"

namespace giot::uncertain {
namespace {

constexpr double kDeliveryLogMean = -0.045;
constexpr double kDeliveryLogDeviation = 0.3;
constexpr int kQuantileBits = 12;
constexpr std::size_t kQuantiles = std::size_t{1} << kQuantileBits;

// The quantiles of g at (i + 1/2) / kQuantiles. Newton's method on the normal
// distribution, which is concave above its median: each starts at the one below and
// comes up to its own from the left.
std::array<double, kQuantiles> DeliveryQuantiles() {
  constexpr double kInverseSqrt2 = 0.7071067811865476;
  constexpr double kInverseSqrt2Pi = 0.3989422804014327;
  constexpr int kNewtonSteps = 8;
  std::array<double, kQuantiles> quantiles;
  double z = 0.0;
  for (std::size_t i = kQuantiles / 2; i < kQuantiles; ++i) {
    const double above = (static_cast<double>(kQuantiles - i) - 0.5) / static_cast<double>(kQuantiles);
    for (int step = 0; step < kNewtonSteps; ++step) {
      const double density = kInverseSqrt2Pi * std::exp(-0.5 * z * z);
      z += (0.5 * std::erfc(z * kInverseSqrt2) - above) / density;
    }
    quantiles[i] = std::exp(kDeliveryLogMean + kDeliveryLogDeviation * z);
    quantiles[kQuantiles - 1 - i] = std::exp(kDeliveryLogMean - kDeliveryLogDeviation * z);
  }
  return quantiles;
}

std::uint64_t Seed(const UncertainMarket& market) {
  // Probabilities that were divided by their sum may differ in the last digits.
  constexpr double kGrid = 1e9;
  std::uint64_t hash = SplitMix64::Mix(static_cast<std::uint64_t>(market.vehicles()));
  for (const double p : market.probabilities()) {
    hash = SplitMix64::Mix(hash ^ static_cast<std::uint64_t>(std::llround(p * kGrid))) + 1;
  }
  return hash;
}

}  // namespace

Scenarios::Scenarios(const UncertainMarket& market) : rows_(static_cast<std::size_t>(market.types())) {
  SplitMix64 random(Seed(market));
  DrawVehicles(market, random);
  DrawDelivery(random);
}

void Scenarios::DrawVehicles(const UncertainMarket& market, SplitMix64& random) {
  const Multinomial multinomial(market.vehicles(), market.probabilities());
  const double share = 1.0 / static_cast<double>(market.vehicles());
  for (std::size_t s = 0; s < kScenarios; ++s) {
    const std::array<std::int64_t, kMaxTypes> counts = multinomial.Draw(random);
    for (std::size_t k = 0; k < rows_.size(); ++k) rows_[k].weights[s] = static_cast<double>(counts[k]) * share;
  }
}

void Scenarios::DrawDelivery(SplitMix64& random) {
  static const std::array<double, kQuantiles> kDelivery = DeliveryQuantiles();
  constexpr std::size_t kDrawsPerWord = 4;
  static_assert(kScenarios % kDrawsPerWord == 0);
  for (std::size_t k = 0; k < rows_.size(); ++k) {
    double sum = 0.0;
    for (std::size_t s = 0; s < kScenarios; s += kDrawsPerWord) {
      std::uint64_t bits = random();
      for (std::size_t i = 0; i < kDrawsPerWord; ++i) {
        rows_[k].weights[s + i] *= kDelivery[bits & (kQuantiles - 1)];
        sum += rows_[k].weights[s + i];
        bits >>= 64 / kDrawsPerWord;
      }
    }
    mean_weights_[k] = sum / kScenarios;
  }
}

}  // namespace giot::uncertain
