#include "models/freshness/menu_objective.h"

#include <algorithm>
#include <cstddef>

#include "models/freshness/feasible_decode.h"
#include "models/freshness/menu.h"
#include "models/freshness/utility.h"

namespace giot::freshness {
namespace {

// d clamp(.5 + .5 x) / dx within [-1, 1].
constexpr double kLevelSlope = 0.5;

// `candidates` is how many items the levels stated; they come quality by quality,
// then update rate by update rate.
double LevelGradient(const FreshnessMarket& market, const SettledMenu& settled, int candidates,
                     absl::Span<double> gradient) {
  MenuGradient slopes;
  const double utility = UtilityAndGradient(market, settled.menu, slopes);
  std::fill(gradient.begin(), gradient.end(), 0.0);
  for (std::size_t j = 0; j < static_cast<std::size_t>(settled.menu.size()); ++j) {
    const auto level = static_cast<std::size_t>(settled.candidate[j]);
    gradient[level] = kLevelSlope * slopes.quality[j];
    gradient[static_cast<std::size_t>(candidates) + level] = kLevelSlope * slopes.update_rate[j];
  }
  return utility;
}

}  // namespace

int MenuObjective::dimension() const { return kLevelChannels * market_.types(); }

double MenuObjective::Value(absl::Span<const double> levels) {
  return DecodeLevels(market_, levels).utility_per_vehicle;
}

double MenuObjective::ValueAndGradient(absl::Span<const double> levels, absl::Span<double> gradient) {
  return LevelGradient(market_, DecodeLevels(market_, levels), market_.types(), gradient);
}

int ItemObjective::dimension() const { return kLevelChannels * kMaxItems; }

double ItemObjective::Value(absl::Span<const double> levels) {
  return DecodeItemLevels(market_, levels).utility_per_vehicle;
}

double ItemObjective::ValueAndGradient(absl::Span<const double> levels, absl::Span<double> gradient) {
  return LevelGradient(market_, DecodeItemLevels(market_, levels), kMaxItems, gradient);
}

}  // namespace giot::freshness
