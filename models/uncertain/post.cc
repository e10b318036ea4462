#include "models/uncertain/post.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace giot::uncertain {
namespace {

using contract::Menu;
using contract::PostedItem;
using contract::PostedMenu;

constexpr double kMicro = 1e6;
// Qualities that are whole micro-units up to this count as such.
constexpr double kGridRounding = 1e-6;
constexpr double kLargestReward = 9007199254740992.0;  // 2^53 micro-units.

// No posted reward of this menu exceeds this, micro-units: the least base reward, or
// a designed one, plus the upward steps.
double LargestReward(const UncertainMarket& market, const Menu& menu) {
  double largest = 0.0;
  for (const contract::Item& item : menu.items()) largest = std::max(largest, item.reward);
  return (largest + 2.0 * market.cost_types().back() * market.Cost(1.0)) * kMicro;
}

class Poster {
 public:
  Poster(const UncertainMarket& market, const Menu& menu)
      : market_(market),
        menu_(menu),
        types_(static_cast<std::size_t>(market.types())),
        guard_(kGridRounding + 1e-14 * LargestReward(market, menu)) {
    std::int64_t below = 0;
    for (std::size_t k = types_; k-- > 0;) {
      const double quality = std::clamp(menu[static_cast<int>(k)].quality, 0.0, 1.0);
      below = std::max(below, static_cast<std::int64_t>(std::floor(quality * kMicro + kGridRounding)));
      quality_[k] = below;
    }
  }

  PostedMenu Run() {
    while (const std::optional<std::size_t> type = TooCloseToTheNext()) Join(*type);
    PostedMenu posted(market_.types());
    PostedItem below{0, 0};
    for (std::size_t k = types_; k-- > 0;) {
      if (k + 1 == types_) {
        below = {quality_[k], BaseReward()};
      } else if (!SharesWithNext(k)) {
        below = {quality_[k], below.reward_micros + Step(k, below.reward_micros)};
      }
      posted[static_cast<int>(k)] = below;
    }
    return posted;
  }

 private:
  struct Steps {
    std::int64_t least;
    std::int64_t most;
  };

  double CostMicros(std::int64_t quality) const { return market_.Cost(static_cast<double>(quality) / kMicro) * kMicro; }

  bool SharesWithNext(std::size_t k) const { return k + 1 < types_ && quality_[k] == quality_[k + 1]; }

  // Rewards of type k over type k + 1 at which neither of the two, who compute in
  // floating point, would rather have the other's item.
  Steps AllowedSteps(std::size_t k) const {
    const double extra_cost = CostMicros(quality_[k]) - CostMicros(quality_[k + 1]);
    const absl::Span<const double> theta = market_.cost_types();
    return {static_cast<std::int64_t>(std::ceil(theta[k] * extra_cost + guard_)),
            static_cast<std::int64_t>(std::floor(theta[k + 1] * extra_cost - guard_))};
  }

  std::optional<std::size_t> TooCloseToTheNext() const {
    for (std::size_t k = 0; k + 1 < types_; ++k) {
      if (SharesWithNext(k)) continue;
      const Steps steps = AllowedSteps(k);
      if (steps.least > steps.most) return k;
    }
    return std::nullopt;
  }

  // Type k and the next are as good as one from now on, together with those that were
  // joined to either before: of mean quality, so that a rare type follows the others.
  void Join(std::size_t k) {
    joined_[k] = true;
    std::size_t first = k;
    while (first > 0 && joined_[first - 1]) --first;
    std::size_t last = k + 1;
    while (joined_[last]) ++last;
    double weight = 0.0;
    double sum = 0.0;
    for (std::size_t i = first; i <= last; ++i) {
      weight += market_.probabilities()[i];
      sum += market_.probabilities()[i] * static_cast<double>(quality_[i]);
    }
    const auto mean = static_cast<std::int64_t>(std::floor(sum / weight));
    const std::int64_t quality = std::clamp(mean, quality_[last], quality_[first]);
    for (std::size_t i = first; i <= last; ++i) quality_[i] = quality;
  }

  // The reward, in micro-units, that keeps the mean designed rent of type `last` and of
  // the cheaper ones that share its item.
  double WantedReward(std::size_t last) const {
    std::size_t first = last;
    while (first > 0 && SharesWithNext(first - 1)) --first;
    double weight = 0.0;
    double sum = 0.0;
    for (std::size_t i = first; i <= last; ++i) {
      const contract::Item& designed = menu_[static_cast<int>(i)];
      const double extra_cost = CostMicros(quality_[i]) - market_.Cost(designed.quality) * kMicro;
      const double reward = designed.reward * kMicro + market_.cost_types()[i] * extra_cost;
      weight += market_.probabilities()[i];
      sum += market_.probabilities()[i] * reward;
    }
    return sum / weight;
  }

  std::int64_t BaseReward() const {
    const std::size_t last = types_ - 1;
    const double cost = market_.cost_types()[last] * CostMicros(quality_[last]);
    const double least = cost > 0.0 ? std::ceil(cost + guard_) : 0.0;
    return static_cast<std::int64_t>(std::max(least, std::round(WantedReward(last))));
  }

  std::int64_t Step(std::size_t k, std::int64_t reward_below) const {
    const Steps steps = AllowedSteps(k);
    const auto wanted = static_cast<std::int64_t>(std::round(WantedReward(k)));
    return std::clamp(wanted - reward_below, steps.least, steps.most);
  }

  const UncertainMarket& market_;
  const Menu& menu_;
  std::size_t types_;
  double guard_;  // Micro-units.
  std::array<std::int64_t, kMaxTypes> quality_{};
  std::array<bool, kMaxTypes> joined_{};  // Whether types k and k + 1 are too close to tell apart.
};

}  // namespace

absl::StatusOr<PostedMenu> Post(const UncertainMarket& market, const Menu& menu) {
  const double largest = LargestReward(market, menu);
  if (!(largest <= kLargestReward)) {
    return absl::OutOfRangeError(absl::StrCat("cost_types: rewards up to ", largest,
                                              " micro-units, want at most 2^53; use a larger unit of money"));
  }
  return Poster(market, menu).Run();
}

}  // namespace giot::uncertain
