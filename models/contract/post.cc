#include "models/contract/post.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "models/contract/feasible_decode.h"

namespace giot::contract {
namespace {

constexpr double kMicro = 1e6;
// Qualities and rewards that are whole micro-units up to this count as such.
constexpr double kGridRounding = 1e-6;
constexpr double kLargestReward = 9007199254740992.0;  // 2^53 micro-units.
// Attempts at the budget that assume rounding alone overspent, and all attempts.
constexpr int kRoundingAttempts = 8;
constexpr int kBudgetAttempts = 20;

std::int64_t FloorToGrid(double quality) {
  return static_cast<std::int64_t>(std::floor(quality * kMicro + kGridRounding));
}

double UtilityOf(const ScreeningMarket& market, const PostedMenu& posted) {
  double utility = 0.0;
  for (int k = 0; k < posted.size(); ++k) {
    const double value = market.Value(static_cast<double>(posted[k].quality_micros) / kMicro);
    utility += market.probabilities()[static_cast<std::size_t>(k)] *
               (value - static_cast<double>(posted[k].reward_micros) / kMicro);
  }
  return utility;
}

// Posts menus of a market all of whose types are served.
class Poster {
 public:
  // `budget` is money per vehicle, infinite where there is none.
  Poster(const ScreeningMarket& market, double budget)
      : market_(market),
        budget_(budget),
        guard_(kGridRounding + 1e-14 * kMicro * market.cost_types().back() * market.Cost(market.quality_max())) {}

  // InvalidArgument if not even q_min for all, rounded up, fits the budget.
  absl::StatusOr<PostedMenu> PostWithinBudget(const Menu& menu) const {
    PostedMenu posted = Post(menu);
    double kept_back = 0.0;
    for (int attempt = 1; attempt <= kBudgetAttempts; ++attempt) {
      if (WithinBudget(posted)) return posted;
      kept_back = KeepBackMore(kept_back, attempt, Pay(posted) - budget_);
      Menu smaller = menu;
      ShrinkToBudget(market_, budget_ - kept_back, smaller);
      posted = Post(smaller);
    }
    if (WithinBudget(posted)) return posted;
    posted = Cheapest();
    if (WithinBudget(posted)) return posted;
    return absl::InvalidArgumentError(absl::StrCat("budget: got ", budget_, " per served vehicle, want at least ",
                                                   Pay(posted),
                                                   ", which pays quality_min rounded up to whole micro-units"));
  }

  // Whether a type of cost `theta` is clearly worse off with `above` than with `below`.
  bool StaysBelow(double theta, const PostedItem& above, const PostedItem& below) const {
    const double extra_reward = static_cast<double>(above.reward_micros - below.reward_micros);
    const double extra_cost = CostMicros(above.quality_micros) - CostMicros(below.quality_micros);
    return theta * extra_cost >= extra_reward + guard_;
  }

 private:
  using Grid = std::array<std::int64_t, kMaxTypes>;
  using Joints = std::array<bool, kMaxTypes>;  // Whether types k and k + 1 must share an item.

  static std::size_t Index(int type) { return static_cast<std::size_t>(type); }

  double CostMicros(std::int64_t quality) const { return market_.Cost(static_cast<double>(quality) / kMicro) * kMicro; }

  // First half of what rounding overspent, at least a fraction of a micro-unit
  // more each time, then what rounding alone cannot exceed, and from there on, for
  // markets whose types had to be joined, twice as much each time.
  double KeepBackMore(double kept_back, int attempt, double overspent) const {
    const double more = kept_back + std::max(0.5 * overspent, 0.25 / kMicro);
    if (attempt < kRoundingAttempts) return more;
    return std::max({more, 2.0 * kept_back, 2.0 * market_.types() / kMicro});
  }

  PostedMenu Post(const Menu& menu) const {
    Grid grid = Round(menu);
    PostedMenu posted = Reward(grid);
    Joints joined{};
    for (int joints = 1; joints < market_.types(); ++joints) {
      const int envied = FirstEnvied(posted);
      if (envied < 0) break;
      joined[Index(envied)] = true;
      Join(envied, joined, grid);
      posted = Reward(grid);
    }
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

  bool WithinBudget(const PostedMenu& posted) const { return Pay(posted) <= budget_; }

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

  // The first type whose costlier neighbour would rather have its item; -1 if none.
  int FirstEnvied(const PostedMenu& posted) const {
    for (int k = 0; k + 1 < posted.size(); ++k) {
      if (posted[k] != posted[k + 1] && !StaysBelow(market_.cost_types()[Index(k + 1)], posted[k], posted[k + 1])) {
        return k;
      }
    }
    return -1;
  }

  // Gives the types that are joined to `type` their mean quality. Types too close
  // to tell apart are as good as one, so a rare one follows the others.
  void Join(int type, const Joints& joined, Grid& grid) const {
    int first = type;
    while (first > 0 && joined[Index(first - 1)]) --first;
    int last = type + 1;
    while (joined[Index(last)]) ++last;
    double weight = 0.0;
    double sum = 0.0;
    for (int k = first; k <= last; ++k) {
      weight += market_.probabilities()[Index(k)];
      sum += market_.probabilities()[Index(k)] * static_cast<double>(grid[Index(k)]);
    }
    const auto mean = static_cast<std::int64_t>(std::floor(sum / weight));
    const std::int64_t quality = std::clamp(mean, grid[Index(last)], grid[Index(first)]);
    for (int k = first; k <= last; ++k) grid[Index(k)] = quality;
  }

  const ScreeningMarket& market_;
  double budget_;
  double guard_;  // Micro-units.
};

double BudgetOf(const ScreeningMarket& market) {
  return market.budget_per_vehicle().value_or(std::numeric_limits<double>::infinity());
}

absl::Status CheckLargestReward(const ScreeningMarket& market) {
  const double largest = market.cost_types().back() * market.Cost(market.quality_max()) * kMicro;
  if (largest + 2.0 * kMaxTypes <= kLargestReward) return absl::OkStatus();
  return absl::OutOfRangeError(absl::StrCat("cost_types: rewards up to ", largest,
                                            " micro-units, want at most 2^53; use a larger unit of money"));
}

absl::StatusOr<PostedMenu> PostServingAll(const ScreeningMarket& market, const Menu& menu) {
  if (absl::Status status = CheckLargestReward(market); !status.ok()) return status;
  return Poster(market, BudgetOf(market)).PostWithinBudget(menu);
}

// Posts the first `served` items or, where there are fewer, repeats the last one;
// the types left out must stay out.
absl::StatusOr<PostedMenu> PostServing(const ScreeningMarket& market, const Menu& menu, int served) {
  Menu resized(served);
  for (int k = 0; k < served; ++k) resized[k] = menu[std::min(k, menu.size() - 1)];
  if (served == market.types()) return PostServingAll(market, resized);
  const std::optional<ScreeningMarket> prefix = market.Prefix(served);
  if (!prefix) {
    return absl::InvalidArgumentError(
        absl::StrCat("budget: cannot pay quality_min to the ", served, " types that the menu serves"));
  }
  if (absl::Status status = CheckLargestReward(*prefix); !status.ok()) return status;
  // The share of the vehicles that is served is known to rounding only.
  constexpr double kShareRounding = 4e-15;
  const Poster poster(*prefix, BudgetOf(*prefix) * (1.0 - kShareRounding));
  absl::StatusOr<PostedMenu> posted = poster.PostWithinBudget(resized);
  if (!posted.ok()) return posted;
  if (!poster.StaysBelow(market.cost_types()[static_cast<std::size_t>(served)], (*posted)[served - 1], PostedItem{})) {
    return absl::InvalidArgumentError(absl::StrCat("cost_types[", served, "]: too close to its neighbour, which is ",
                                                   "served, to be left out in whole micro-units"));
  }
  return posted;
}

// Types too close to tell apart are served, or left out, together, whichever is better.
absl::StatusOr<PostedMenu> PostWithExclusion(const ScreeningMarket& market, const Menu& menu) {
  absl::StatusOr<PostedMenu> best = PostServing(market, menu, menu.size());
  if (best.ok()) return best;
  for (const int step : {1, -1}) {
    for (int served = menu.size() + step; served >= 1 && served <= market.types(); served += step) {
      absl::StatusOr<PostedMenu> posted = PostServing(market, menu, served);
      if (!posted.ok()) continue;
      if (!best.ok() || UtilityOf(market, *posted) > UtilityOf(market, *best)) best = std::move(posted);
      break;
    }
  }
  return best;
}

}  // namespace

std::int64_t PostedQualityMin(const ScreeningMarket& market) {
  return static_cast<std::int64_t>(std::ceil(market.quality_min() * kMicro - kGridRounding));
}

std::int64_t PostedQualityMax(const ScreeningMarket& market) {
  return std::max(FloorToGrid(market.quality_max()), PostedQualityMin(market));
}

absl::StatusOr<PostedMenu> Post(const ScreeningMarket& market, const Menu& menu) {
  return menu.size() == market.types() ? PostServingAll(market, menu) : PostWithExclusion(market, menu);
}

}  // namespace giot::contract
