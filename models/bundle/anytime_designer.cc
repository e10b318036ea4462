#include "models/bundle/anytime_designer.h"

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "models/bundle/propose.h"
#include "models/freshness/feasible_decode.h"
#include "models/freshness/menu_objective.h"
#include "models/freshness/pack.h"
#include "models/search/multi_start.h"
#include "models/search/polish.h"
#include "models/uncertain/feasible_decode.h"
#include "models/uncertain/menu_objective.h"
#include "models/uncertain/pack.h"

namespace giot::bundle {
namespace {

using search::Budget;
using search::SearchResult;
using TimePoint = std::chrono::steady_clock::time_point;

constexpr std::int64_t kUnlimited = std::numeric_limits<std::int64_t>::max();
// A deadline that never comes, but for which a search reads its clock.
constexpr TimePoint kNever = TimePoint::max() - TimePoint::duration{1};
constexpr int kReadsBetweenLooks = 16;

// A clock by which, once somebody has cancelled, it is too late for anything.
class UntilCancelled {
 public:
  UntilCancelled(search::Clock clock, std::function<bool()> cancelled)
      : clock_(std::move(clock)), cancelled_(std::move(cancelled)) {}

  TimePoint operator()() {
    if (!gone_ && reads_++ % kReadsBetweenLooks == 0) gone_ = cancelled_();
    return gone_ ? TimePoint::max() : clock_();
  }

 private:
  search::Clock clock_;
  std::function<bool()> cancelled_;
  int reads_ = 0;
  bool gone_ = false;
};

// Of proposals and polish together.
Budget WholeBudget(const AnytimeOptions& options, const std::function<bool()>& cancelled) {
  Budget budget = options.polish;
  budget.evaluations =
      budget.evaluations > kUnlimited - options.samples ? kUnlimited : budget.evaluations + options.samples;
  if (!cancelled) return budget;
  budget.deadline = std::min(budget.deadline, kNever);
  budget.clock = UntilCancelled(std::move(budget.clock), cancelled);
  return budget;
}

absl::Status CheckArguments(const Bundle& bundle, Family family, const AnytimeOptions& options) {
  if (bundle.manifest().family != family) {
    return absl::InvalidArgumentError(
        absl::StrCat("model: got one of family ", NameOf(bundle.manifest().family), ", want ", NameOf(family)));
  }
  if (options.samples < 1) {
    return absl::InvalidArgumentError(absl::StrCat("samples: got ", options.samples, ", want at least 1"));
  }
  return absl::OkStatus();
}

// Rows of levels, `width` each: a chunk at least, and no more than the deadline has time for.
absl::StatusOr<std::vector<double>> Proposals(const Bundle& bundle, const contract::PackedMarket& market,
                                              std::size_t width, const AnytimeOptions& options,
                                              const std::function<bool()>& cancelled) {
  std::vector<double> levels;
  for (int done = 0; done < options.samples; done += kProposalChunk) {
    if (cancelled && cancelled()) return absl::CancelledError(absl::StrCat("after ", done, " samples"));
    if (done > 0 && options.polish.clock() >= options.polish.deadline) break;
    const int count = std::min(kProposalChunk, options.samples - done);
    const std::size_t before = levels.size();
    levels.resize(before + static_cast<std::size_t>(count) * width);
    absl::Status status = Propose(bundle, market, options.seed, done, count, absl::MakeSpan(levels).subspan(before));
    if (!status.ok()) return status;
  }
  return levels;
}

absl::StatusOr<SearchResult> ProposeAndPolish(const Bundle& bundle, const contract::PackedMarket& market,
                                              search::Objective& objective, const AnytimeOptions& options,
                                              const std::function<bool()>& cancelled) {
  const auto width = static_cast<std::size_t>(objective.dimension());
  const absl::StatusOr<std::vector<double>> proposals = Proposals(bundle, market, width, options, cancelled);
  if (!proposals.ok()) return proposals.status();
  search::PolishOptions polish;
  polish.seed = options.seed;
  SearchResult result = search::PolishBest(objective, *proposals, WholeBudget(options, cancelled), polish);
  if (cancelled && cancelled()) return absl::CancelledError(absl::StrCat("after ", result.evaluations, " evaluations"));
  return result;
}

// An answer even from a search that could afford none.
SearchResult Answered(search::Objective& objective, SearchResult result) {
  if (result.evaluations > 0) return result;
  result.value = objective.Value(result.levels);
  result.evaluations = 1;
  return result;
}

Budget HalfOf(const Budget& budget) {
  Budget half = budget;
  if (half.evaluations != kUnlimited) half.evaluations /= 2;
  if (half.deadline == TimePoint::max()) return half;
  if (const TimePoint now = budget.clock(); now < half.deadline) half.deadline = now + (half.deadline - now) / 2;
  return half;
}

SearchResult SearchByCmaEs(search::Objective& objective, const Budget& budget, std::uint64_t seed) {
  const std::vector<double> start(static_cast<std::size_t>(objective.dimension()), 0.0);
  return Answered(objective,
                  search::MultiStartCmaEs(objective, start, budget, {.seed = seed, .on_improvement = nullptr}));
}

}  // namespace

absl::StatusOr<UncertainDesign> DesignMenu(const Bundle& bundle, const uncertain::UncertainMarket& market,
                                           const uncertain::Scenarios& scenarios, const AnytimeOptions& options,
                                           const std::function<bool()>& cancelled) {
  if (absl::Status status = CheckArguments(bundle, Family::kUncertain, options); !status.ok()) return status;
  uncertain::MenuObjective objective(market, scenarios);
  const absl::StatusOr<SearchResult> best =
      ProposeAndPolish(bundle, uncertain::Pack(market), objective, options, cancelled);
  if (!best.ok()) return best.status();
  return UncertainDesign{uncertain::DecodeLevels(market, best->levels), best->value, best->evaluations};
}

absl::StatusOr<FreshnessDesign> DesignMenu(const Bundle& bundle, const freshness::FreshnessMarket& market,
                                           const AnytimeOptions& options, const std::function<bool()>& cancelled) {
  if (absl::Status status = CheckArguments(bundle, Family::kFreshness, options); !status.ok()) return status;
  freshness::MenuObjective objective(market);
  const absl::StatusOr<SearchResult> best =
      ProposeAndPolish(bundle, freshness::Pack(market), objective, options, cancelled);
  if (!best.ok()) return best.status();
  return FreshnessDesign{freshness::DecodeLevels(market, best->levels).menu, best->value, best->evaluations};
}

UncertainDesign SearchMenu(const uncertain::UncertainMarket& market, const uncertain::Scenarios& scenarios,
                           const Budget& budget, std::uint64_t seed) {
  uncertain::MenuObjective objective(market, scenarios);
  const std::vector<double> start(static_cast<std::size_t>(objective.dimension()), 0.0);
  const SearchResult best =
      Answered(objective, search::MultiStartClimb(objective, start, budget, {.seed = seed, .on_improvement = nullptr}));
  return {uncertain::DecodeLevels(market, best.levels), best.value, best.evaluations};
}

FreshnessDesign SearchMenu(const freshness::FreshnessMarket& market, const Budget& budget, std::uint64_t seed) {
  freshness::MenuObjective by_type(market);
  const SearchResult best_by_type = SearchByCmaEs(by_type, HalfOf(budget), seed);
  freshness::ItemObjective by_item(market);
  Budget rest = budget;
  if (rest.evaluations != kUnlimited) rest.evaluations -= best_by_type.evaluations;
  const SearchResult best_by_item = SearchByCmaEs(by_item, rest, seed);
  const std::int64_t evaluations = best_by_type.evaluations + best_by_item.evaluations;
  if (best_by_type.value >= best_by_item.value) {
    return {freshness::DecodeLevels(market, best_by_type.levels).menu, best_by_type.value, evaluations};
  }
  return {freshness::DecodeItemLevels(market, best_by_item.levels).menu, best_by_item.value, evaluations};
}

}  // namespace giot::bundle
