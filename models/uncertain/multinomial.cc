#include "models/uncertain/multinomial.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace giot::uncertain {
namespace {

// Where drawing vehicle by vehicle costs as much as type by type.
constexpr std::int64_t kMostOneByOne = 256;
// The least expected number of successes at which BTRS is valid.
constexpr double kLeastForRejection = 10.0;

// ln n!: a table, then Stirling's series.
double LogFactorial(std::int64_t n) {
  constexpr std::size_t kTabled = 16;
  static const std::array<double, kTabled> kTable = [] {
    std::array<double, kTabled> table{};
    for (std::size_t i = 1; i < kTabled; ++i) table[i] = table[i - 1] + std::log(static_cast<double>(i));
    return table;
  }();
  if (n < static_cast<std::int64_t>(kTabled)) return kTable[static_cast<std::size_t>(n)];
  constexpr double kHalfLog2Pi = 0.9189385332046727;
  const double x = static_cast<double>(n);
  const double inverse = 1.0 / x;
  const double square = inverse * inverse;
  const double correction = inverse * (1.0 / 12.0 - square * (1.0 / 360.0 - square / 1260.0));
  return (x + 0.5) * std::log(x) - x + kHalfLog2Pi + correction;
}

// Walks the distribution from 0 successes upwards.
std::int64_t DrawByInversion(std::int64_t trials, double p, SplitMix64& random) {
  const double odds = p / (1.0 - p);
  double chance = std::exp(static_cast<double>(trials) * std::log1p(-p));
  double left = random.Uniform();
  std::int64_t successes = 0;
  while (left > chance && successes < trials) {
    left -= chance;
    ++successes;
    chance *= odds * static_cast<double>(trials - successes + 1) / static_cast<double>(successes);
  }
  return successes;
}

std::int64_t DrawByRejection(std::int64_t trials, double p, SplitMix64& random) {
  const auto n = static_cast<double>(trials);
  const double deviation = std::sqrt(n * p * (1.0 - p));
  const double b = 1.15 + 2.53 * deviation;
  const double a = -0.0873 + 0.0248 * b + 0.01 * p;
  const double centre = n * p + 0.5;
  const double squeeze = 0.92 - 4.2 / b;
  const double alpha = (2.83 + 5.1 / b) * deviation;
  const double log_odds = std::log(p / (1.0 - p));
  const auto mode = static_cast<std::int64_t>(std::floor((n + 1.0) * p));
  const double log_mode = LogFactorial(mode) + LogFactorial(trials - mode);
  while (true) {
    const double u = random.Uniform() - 0.5;
    const double v = random.Uniform();
    const double edge = 0.5 - std::abs(u);
    const double proposal = std::floor((2.0 * a / edge + b) * u + centre);
    if (proposal < 0.0 || proposal > n) continue;
    const auto successes = static_cast<std::int64_t>(proposal);
    if (edge >= 0.07 && v <= squeeze) return successes;
    const double log_ratio = log_mode - LogFactorial(successes) - LogFactorial(trials - successes) +
                             static_cast<double>(successes - mode) * log_odds;
    if (std::log(v * alpha / (a / (edge * edge) + b)) <= log_ratio) return successes;
  }
}

}  // namespace

std::int64_t DrawBinomial(std::int64_t trials, double p, SplitMix64& random) {
  if (p > 0.5) return trials - DrawBinomial(trials, 1.0 - p, random);
  if (static_cast<double>(trials) * p < kLeastForRejection) return DrawByInversion(trials, p, random);
  return DrawByRejection(trials, p, random);
}

Multinomial::Multinomial(std::int64_t vehicles, absl::Span<const double> probabilities)
    : vehicles_(vehicles), types_(static_cast<std::uint32_t>(probabilities.size())) {
  std::copy(probabilities.begin(), probabilities.end(), probabilities_.begin());
  BuildSlots();
}

// Each slot holds 1 / K: a type with less shares its slot with one that has more
// (Vose 1991).
void Multinomial::BuildSlots() {
  std::array<double, kMaxTypes> filled{};  // In units of a slot.
  std::array<std::uint32_t, kMaxTypes> less{};
  std::array<std::uint32_t, kMaxTypes> more{};
  std::size_t less_count = 0;
  std::size_t more_count = 0;
  for (std::uint32_t k = 0; k < types_; ++k) {
    filled[k] = probabilities_[k] * types_;
    slots_[k] = {std::uint64_t{1} << 32, k};
    if (filled[k] < 1.0) {
      less[less_count++] = k;
    } else {
      more[more_count++] = k;
    }
  }
  while (less_count > 0 && more_count > 0) {
    const std::uint32_t poor = less[--less_count];
    const std::uint32_t rich = more[more_count - 1];
    slots_[poor] = {static_cast<std::uint64_t>(std::llround(filled[poor] * 0x1p32)), rich};
    filled[rich] -= 1.0 - filled[poor];
    if (filled[rich] < 1.0) {
      less[less_count++] = rich;
      --more_count;
    }
  }
}

std::uint32_t Multinomial::TypeOf(std::uint64_t bits32) const {
  const std::uint64_t product = bits32 * types_;
  const auto slot = static_cast<std::uint32_t>(product >> 32);
  const Slot& drawn = slots_[slot];
  // A branch on a random bit would be mispredicted half of the time.
  const auto leave = -static_cast<std::uint32_t>((product & 0xffffffff) >= drawn.stay);
  return slot ^ ((slot ^ drawn.other) & leave);
}

std::array<std::int64_t, kMaxTypes> Multinomial::Draw(SplitMix64& random) const {
  return vehicles_ <= kMostOneByOne ? DrawOneByOne(random) : DrawTypeByType(random);
}

std::array<std::int64_t, kMaxTypes> Multinomial::DrawOneByOne(SplitMix64& random) const {
  std::array<std::int64_t, kMaxTypes> counts{};
  for (std::int64_t pair = 0; pair < vehicles_ / 2; ++pair) {
    const std::uint64_t bits = random();
    ++counts[TypeOf(bits >> 32)];
    ++counts[TypeOf(bits & 0xffffffff)];
  }
  if (vehicles_ % 2 == 1) ++counts[TypeOf(random() >> 32)];
  return counts;
}

std::array<std::int64_t, kMaxTypes> Multinomial::DrawTypeByType(SplitMix64& random) const {
  std::array<std::int64_t, kMaxTypes> counts{};
  std::int64_t vehicles = vehicles_;
  double share = 1.0;
  for (std::size_t k = 0; k + 1 < types_; ++k) {
    counts[k] = DrawBinomial(vehicles, std::min(probabilities_[k] / share, 1.0), random);
    vehicles -= counts[k];
    share -= probabilities_[k];
  }
  counts[types_ - 1] = vehicles;
  return counts;
}

}  // namespace giot::uncertain
