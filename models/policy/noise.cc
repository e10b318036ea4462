#include "models/policy/noise.h"

#include <array>
#include <cmath>
#include <numbers>

namespace giot::policy {
namespace {

using Block = std::array<std::uint32_t, 4>;

// Constants of Philox-4x32 (Salmon et al. 2011, table 2).
constexpr std::uint64_t kMultiplier0 = 0xD2511F53;
constexpr std::uint64_t kMultiplier1 = 0xCD9E8D57;
constexpr std::uint32_t kWeyl0 = 0x9E3779B9;
constexpr std::uint32_t kWeyl1 = 0xBB67AE85;

constexpr std::uint32_t High(std::uint64_t x) { return static_cast<std::uint32_t>(x >> 32); }
constexpr std::uint32_t Low(std::uint64_t x) { return static_cast<std::uint32_t>(x); }

Block Philox(Block counter, std::uint64_t key) {
  std::uint32_t key0 = Low(key);
  std::uint32_t key1 = High(key);
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t product0 = kMultiplier0 * counter[0];
    const std::uint64_t product1 = kMultiplier1 * counter[2];
    counter = {High(product1) ^ counter[1] ^ key0, Low(product1), High(product0) ^ counter[3] ^ key1, Low(product0)};
    key0 += kWeyl0;
    key1 += kWeyl1;
  }
  return counter;
}

// Uniform in (0, 1]: the logarithm of Box-Muller must not see 0.
double UnitInterval(std::uint32_t bits) { return (static_cast<double>(bits) + 1.0) * 0x1p-32; }

}  // namespace

void FillGaussian(std::uint64_t seed, std::uint64_t stream, absl::Span<float> out) {
  for (std::size_t first = 0; first < out.size(); first += 4) {
    const Block bits = Philox({static_cast<std::uint32_t>(first / 4), 0, Low(stream), High(stream)}, seed);
    std::array<float, 4> normal;
    for (std::size_t pair = 0; pair < 2; ++pair) {
      const double radius = std::sqrt(-2.0 * std::log(UnitInterval(bits[2 * pair])));
      const double angle = 2.0 * std::numbers::pi * UnitInterval(bits[2 * pair + 1]);
      normal[2 * pair] = static_cast<float>(radius * std::cos(angle));
      normal[2 * pair + 1] = static_cast<float>(radius * std::sin(angle));
    }
    for (std::size_t i = 0; i < 4 && first + i < out.size(); ++i) out[first + i] = normal[i];
  }
}

}  // namespace giot::policy
