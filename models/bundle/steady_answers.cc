#include "models/bundle/steady_answers.h"

#include <cmath>
#include <cstddef>
#include <random>

#include "models/bundle/canary.h"

namespace giot::bundle {
namespace {

constexpr int kNudges = 8;
// Several times what rounding does to a number on its way: a near tie must show.
constexpr float kNudge = 4e-6F;
// Rounding may do as much again elsewhere.
constexpr double kSteady = 0.5 * kRunnerAgreement;
constexpr std::uint64_t kSeed = 1;

std::vector<float> Nudged(absl::Span<const float> noise, std::mt19937_64& random) {
  std::vector<float> nudged(noise.begin(), noise.end());
  for (float& number : nudged) number *= random() % 2 == 0 ? 1.0F + kNudge : 1.0F - kNudge;
  return nudged;
}

}  // namespace

bool MayHingeOnRounding(Family family) { return family != Family::kScreening; }

absl::StatusOr<std::vector<bool>> SteadyAnswers(const PolicyRunner& runner, const contract::PackedMarket& market,
                                                absl::Span<const float> noise, int samples,
                                                absl::Span<const float> levels) {
  std::mt19937_64 random(kSeed);
  std::vector<bool> steady(static_cast<std::size_t>(samples), true);
  const std::size_t width = levels.size() / steady.size();
  std::vector<float> moved(levels.size());
  for (int i = 0; i < kNudges; ++i) {
    absl::Status status = runner.Run(market, Nudged(noise, random), samples, absl::MakeSpan(moved));
    if (!status.ok()) return status;
    for (std::size_t j = 0; j < levels.size(); ++j) {
      if (std::abs(static_cast<double>(moved[j]) - static_cast<double>(levels[j])) <= kSteady) continue;
      steady[j / width] = false;
    }
  }
  return steady;
}

}  // namespace giot::bundle
