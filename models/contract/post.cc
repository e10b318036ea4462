#include "models/contract/post.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "models/contract/feasible_decode.h"

namespace giot::contract {
namespace {

constexpr double kMicro = 1e6;
// Qualities and rewards that are whole micro-units up to this count as such.
constexpr double kGridRounding = 1e-6;
constexpr double kLargestReward = 9007199254740992.0;  // 2^53 micro-units.
constexpr int kBudgetAttempts = 8;

using Grid = std::array<std::int64_t, kMaxTypes>;

std::int64_t FloorToGrid(double quality) {
  return static_cast<std::int64_t>(std::floor(quality * kMicro + kGridRounding));
}

// Posts the menu of a market all of whose types are served.
class Poster {
 public:
  explicit Poster(const ScreeningMarket& market)
      : market_(market),
        guard_(kGridRounding + 1e-14 * kMicro * market.cost_types().back() * market.Cost(market.quality_max())) {}

  PostedMenu Post(const Menu& menu) const {
    Grid grid = Round(menu);
    PostedMenu posted = Reward(grid);
    // Each pass merges at least one pair of neighbours.
    for (int pass = 1; pass < market_.types() && MergeEnviedNeighbours(posted, grid); ++pass) posted = Reward(grid);
    return posted;
  }

  PostedMenu Cheapest() const {
    Grid grid;
    grid.fill(PostedQualityMin(market_));
    return Reward(grid);
  }

  double Pay(const PostedMenu& posted) const {
    double pay = 0.0;
    for (int k = 0; k < posted.size(); ++k) {
      pay += market_.probabilities()[Index(k)] * static_cast<double>(posted[k].reward_micros);
    }
    return pay / kMicro;
  }

  bool WithinBudget(const PostedMenu& posted) const {
    return !market_.budget_per_vehicle() || Pay(posted) <= *market_.budget_per_vehicle();
  }

 private:
  static std::size_t Index(int type) { return static_cast<std::size_t>(type); }

  double CostMicros(std::int64_t quality) const { return market_.Cost(static_cast<double>(quality) / kMicro) * kMicro; }

  Grid Round(const Menu& menu) const {
    const std::int64_t low = PostedQualityMin(market_);
    const std::int64_t high = PostedQualityMax(market_);
    Grid grid{};
    std::int64_t below = low;
    for (int k = menu.size() - 1; k >= 0; --k) {
      below = std::clamp(FloorToGrid(menu[k].quality), below, high);
      grid[Index(k)] = below;
    }
    return grid;
  }

  // From the bottom up. A step is rounded up by more than a vehicle's own
  // floating-point error, so that whoever computes the utilities in double
  // precision finds its own item best.
  PostedMenu Reward(const Grid& grid) const {
    PostedMenu posted(market_.types());
    PostedItem below{0, 0};
    for (int k = market_.types() - 1; k >= 0; --k) {
      const bool merged = k + 1 < market_.types() && grid[Index(k)] == grid[Index(k + 1)];
      const std::int64_t quality = merged ? below.quality_micros : SnapToWholeStep(k, grid[Index(k)], below);
      if (quality > below.quality_micros) {
        below = {quality, below.reward_micros + static_cast<std::int64_t>(std::ceil(Step(k, quality, below) + guard_))};
      }
      posted[k] = below;
    }
    return posted;
  }

  // Extra cost of `quality` over the item below, micro-units.
  double Step(int type, std::int64_t quality, const PostedItem& below) const {
    return market_.cost_types()[Index(type)] * (CostMicros(quality) - CostMicros(below.quality_micros));
  }

  // The quality next to `target` whose step fills whole micro-units: at an optimum
  // a little quality more or less, with its pay, is free to first order, while a
  // reward rounded up is a plain loss.
  std::int64_t SnapToWholeStep(int type, std::int64_t target, const PostedItem& below) const {
    const double room = std::round(Step(type, target, below)) - guard_;
    const double cost = CostMicros(below.quality_micros) + room / market_.cost_types()[Index(type)];
    const std::int64_t snapped = cost > 0.0 ? FloorToGrid(market_.QualityAtCost(cost / kMicro)) : 0;
    const std::int64_t least = std::max(PostedQualityMin(market_), below.quality_micros);
    return std::clamp(snapped, least, PostedQualityMax(market_));
  }

  // Gives neighbours one item where the costlier type would prefer the other's;
  // returns whether there were any.
  bool MergeEnviedNeighbours(const PostedMenu& posted, Grid& grid) const {
    bool merged = false;
    for (int k = 0; k + 1 < posted.size(); ++k) {
      if (posted[k] == posted[k + 1]) continue;
      const double extra_reward = static_cast<double>(posted[k].reward_micros - posted[k + 1].reward_micros);
      const double extra_cost = CostMicros(posted[k].quality_micros) - CostMicros(posted[k + 1].quality_micros);
      if (market_.cost_types()[Index(k + 1)] * extra_cost >= extra_reward + guard_) continue;
      Pool(grid, k);
      merged = true;
    }
    return merged;
  }

  // Pools the equal items around `type` with those around its next neighbour, at
  // their mean quality.
  void Pool(Grid& grid, int type) const {
    int first = type;
    while (first > 0 && grid[Index(first - 1)] == grid[Index(type)]) --first;
    int last = type + 1;
    while (last + 1 < market_.types() && grid[Index(last + 1)] == grid[Index(type + 1)]) ++last;
    double weight = 0.0;
    double sum = 0.0;
    for (int k = first; k <= last; ++k) {
      weight += market_.probabilities()[Index(k)];
      sum += market_.probabilities()[Index(k)] * static_cast<double>(grid[Index(k)]);
    }
    const auto mean = static_cast<std::int64_t>(std::floor(sum / weight));
    const std::int64_t pooled = std::clamp(mean, grid[Index(last)], grid[Index(first)]);
    for (int k = first; k <= last; ++k) grid[Index(k)] = pooled;
  }

  const ScreeningMarket& market_;
  double guard_;  // Micro-units.
};

absl::StatusOr<PostedMenu> PostWithinBudget(const ScreeningMarket& market, const Menu& menu) {
  const Poster poster(market);
  PostedMenu posted = poster.Post(menu);
  if (poster.WithinBudget(posted)) return posted;
  const double budget = *market.budget_per_vehicle();
  // Keeps back half of what rounding overspent, at least a fraction of a
  // micro-unit more each time, and at last what no rounding can exceed.
  double kept_back = 0.0;
  for (int attempt = 1; attempt <= kBudgetAttempts; ++attempt) {
    kept_back += std::max(0.5 * (poster.Pay(posted) - budget), 0.25 / kMicro);
    if (attempt == kBudgetAttempts) kept_back = std::max(kept_back, 2.0 * market.types() / kMicro);
    Menu smaller = menu;
    ShrinkToBudget(market, budget - kept_back, smaller);
    posted = poster.Post(smaller);
    if (poster.WithinBudget(posted)) return posted;
  }
  posted = poster.Cheapest();
  if (poster.WithinBudget(posted)) return posted;
  return absl::InvalidArgumentError(absl::StrCat("budget: got ", budget, " per served vehicle, want at least ",
                                                 poster.Pay(posted),
                                                 ", which pays quality_min rounded up to whole micro-units"));
}

}  // namespace

std::int64_t PostedQualityMin(const ScreeningMarket& market) {
  return static_cast<std::int64_t>(std::ceil(market.quality_min() * kMicro - kGridRounding));
}

std::int64_t PostedQualityMax(const ScreeningMarket& market) {
  return std::max(FloorToGrid(market.quality_max()), PostedQualityMin(market));
}

absl::StatusOr<PostedMenu> Post(const ScreeningMarket& market, const Menu& menu) {
  const double largest =
      market.cost_types()[static_cast<std::size_t>(menu.size() - 1)] * market.Cost(market.quality_max()) * kMicro;
  if (largest + 2.0 * kMaxTypes > kLargestReward) {
    return absl::OutOfRangeError(absl::StrCat("cost_types: rewards up to ", largest,
                                              " micro-units, want at most 2^53; use a larger unit of money"));
  }
  if (menu.size() == market.types()) return PostWithinBudget(market, menu);
  const std::optional<ScreeningMarket> served = market.Prefix(menu.size());
  if (!served) {
    return absl::InvalidArgumentError(
        absl::StrCat("budget: cannot pay quality_min to the ", menu.size(), " types that the menu serves"));
  }
  return PostWithinBudget(*served, menu);
}

}  // namespace giot::contract
