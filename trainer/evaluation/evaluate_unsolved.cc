#include "trainer/evaluation/evaluate_unsolved.h"

#include <algorithm>
#include <random>
#include <utility>

#include "trainer/evaluation/reference_search.h"
#include "trainer/evaluation/statistics.h"

namespace giot::trainer {
namespace {

// Seeds of one market's methods.
struct Seeds {
  std::uint64_t noise, search;
};

absl::StatusOr<double> MeasureSpread(const bundle::Bundle& bundle, const UnsolvedMarket& market, int chains,
                                     std::uint64_t seed) {
  std::vector<double> utilities;
  for (int chain = 0; chain < chains; ++chain) {
    const absl::StatusOr<DesignValue> design = market.Design(bundle, 1, seed + static_cast<std::uint64_t>(chain));
    if (!design.ok()) return design.status();
    utilities.push_back(design->designed.utility);
  }
  return StandardDeviation(utilities);
}

absl::StatusOr<UnsolvedOutcome> EvaluateMarket(const bundle::Bundle& bundle, UnsolvedMarket& market,
                                               const EvaluationOptions& options, const Seeds& seeds,
                                               bool measure_spread) {
  const absl::StatusOr<DesignValue> design = market.Design(bundle, options.samples, seeds.noise);
  if (!design.ok()) return design.status();
  UnsolvedOutcome outcome;
  outcome.types = market.types();
  outcome.upper_bound = market.upper_bound();
  outcome.menus = {design->designed, design->posted, {0.0, true}, {BestSingleItem(market, seeds.search), true}};
  if (options.reference_evaluations > 0) {
    MenuValue& search = outcome.menus[static_cast<std::size_t>(UnsolvedMethod::kSearch)];
    search.utility = SearchBest(market, options.reference_evaluations, seeds.search);
  }
  if (measure_spread) {
    const absl::StatusOr<double> spread = MeasureSpread(bundle, market, options.spread_samples, seeds.noise);
    if (!spread.ok()) return spread.status();
    outcome.spread = *spread;
  }
  return outcome;
}

}  // namespace

const char* NameOf(UnsolvedMethod method) {
  switch (method) {
    case UnsolvedMethod::kPolicy:
      return "policy";
    case UnsolvedMethod::kPolicyPosted:
      return "policy, posted";
    case UnsolvedMethod::kSearch:
      return "search";
    case UnsolvedMethod::kSingleItem:
      return "single item";
  }
  return "unknown";
}

double UnsolvedOutcome::BestFound() const {
  return std::max((*this)[UnsolvedMethod::kPolicy].utility, (*this)[UnsolvedMethod::kSearch].utility);
}

absl::StatusOr<std::vector<UnsolvedOutcome>> EvaluateUnsolved(const bundle::Bundle& bundle,
                                                              const EvaluationOptions& options) {
  const auto draw = UnsolvedMarkets(bundle.manifest().family, options.seed);
  std::mt19937_64 method_random(options.seed + 1);
  std::vector<UnsolvedOutcome> outcomes;
  outcomes.reserve(static_cast<std::size_t>(options.markets));
  for (int i = 0; i < options.markets; ++i) {
    const std::unique_ptr<UnsolvedMarket> market = draw();
    const Seeds seeds{method_random(), method_random()};
    const bool measure_spread = options.spread_samples > 1 && i < options.spread_markets;
    absl::StatusOr<UnsolvedOutcome> outcome = EvaluateMarket(bundle, *market, options, seeds, measure_spread);
    if (!outcome.ok()) return outcome.status();
    outcomes.push_back(*std::move(outcome));
  }
  return outcomes;
}

}  // namespace giot::trainer
