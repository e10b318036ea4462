#include "server/engine/anytime.h"

#include <utility>

#include "models/bundle/manifest.h"

namespace giot::engine {
namespace {

using TimePoint = std::chrono::steady_clock::time_point;

constexpr std::chrono::microseconds kLookInterval{200};
constexpr absl::Duration kLongestSearch = absl::Seconds(1);  // Without a time budget.

// The time, until somebody cancels: from then on it is too late for anything.
class UntilCancelled {
 public:
  explicit UntilCancelled(std::function<bool()> cancelled) : cancelled_(std::move(cancelled)) {}

  TimePoint operator()() {
    if (gone_) return TimePoint::max();
    const TimePoint now = std::chrono::steady_clock::now();
    if (now < next_look_) return now;
    next_look_ = now + kLookInterval;
    gone_ = cancelled_();
    return gone_ ? TimePoint::max() : now;
  }

 private:
  std::function<bool()> cancelled_;
  TimePoint next_look_ = TimePoint::min();
  bool gone_ = false;
};

search::Budget Lasting(absl::Duration time) {
  search::Budget budget;
  budget.deadline = std::chrono::steady_clock::now() + absl::ToChronoNanoseconds(time);
  return budget;
}

}  // namespace

std::optional<SearchCause> WhySearch(const bundle::Bundle* bundle, const contract::MarketTraits& traits) {
  if (bundle == nullptr) return SearchCause{SearchReason::kNoModel, "no model of the market's family is ready"};
  std::optional<std::string> outside = bundle::OutsideRanges(bundle->manifest().ranges, traits);
  if (!outside) return std::nullopt;
  return SearchCause{SearchReason::kOutsideRanges, *std::move(outside)};
}

bool TakesLong(const std::optional<SearchCause>& search, const Effort& effort) {
  return search.has_value() || effort.time_budget > absl::ZeroDuration();
}

search::Budget PolishBudget(const Effort& effort) {
  if (effort.time_budget <= absl::ZeroDuration()) return {.evaluations = 0};
  return Lasting(effort.time_budget);
}

search::Budget SearchBudget(const Effort& effort, std::function<bool()> cancelled) {
  const bool timed = effort.time_budget > absl::ZeroDuration();
  search::Budget budget = Lasting(timed ? effort.time_budget : kLongestSearch);
  if (!timed) budget.evaluations = kSearchEvaluations;
  if (cancelled) budget.clock = UntilCancelled(std::move(cancelled));
  return budget;
}

}  // namespace giot::engine
