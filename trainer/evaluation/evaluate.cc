#include "trainer/evaluation/evaluate.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <utility>

#include "models/bundle/designer.h"
#include "models/contract/audit.h"
#include "models/contract/baselines.h"
#include "models/contract/exact.h"
#include "models/contract/post.h"

namespace giot::trainer {
namespace {

using contract::ScreeningMarket;

constexpr double kRelativeTolerance = 1e-12;

double HighestReward(const contract::Menu& menu) {
  double highest = 0.0;
  for (const contract::Item& item : menu.items()) highest = std::max(highest, std::abs(item.reward));
  return highest;
}

class MarketEvaluation {
 public:
  explicit MarketEvaluation(const ScreeningMarket& market) : market_(market), exact_(contract::SolveExact(market)) {
    outcome_.types = market.types();
    outcome_.ironed = exact_.ironed;
    outcome_.budget_binds = exact_.budget_binds;
    outcome_.optimum_positive = exact_.utility_per_vehicle > 0.0;
  }

  void Judge(Method method, const contract::Menu& menu) {
    const contract::AuditReport audit = contract::Audit(market_, menu);
    Set(method, audit.utility_per_vehicle, audit.Feasible(kRelativeTolerance * HighestReward(menu)));
  }

  void JudgePosted(Method method, const absl::StatusOr<contract::PostedMenu>& menu) {
    if (!menu.ok()) return Set(method, 0.0, false);
    const contract::AuditReport audit = contract::Audit(market_, *menu);
    Set(method, audit.utility_per_vehicle, audit.Feasible(0.0));
  }

  void SetSpread(double utility_spread) {
    if (outcome_.optimum_positive) outcome_.spread = utility_spread / exact_.utility_per_vehicle;
  }

  const MarketOutcome& outcome() const { return outcome_; }

 private:
  void Set(Method method, double utility, bool feasible) {
    const double ratio = outcome_.optimum_positive ? utility / exact_.utility_per_vehicle : 0.0;
    outcome_.menus[static_cast<std::size_t>(method)] = {ratio, feasible};
  }

  const ScreeningMarket& market_;
  const contract::ExactSolution exact_;
  MarketOutcome outcome_;
};

absl::StatusOr<MarketOutcome> EvaluateMarket(const bundle::Bundle& bundle, const ScreeningMarket& market,
                                             const EvaluationOptions& options, std::uint64_t noise_seed,
                                             bool measure_spread, std::mt19937_64& random) {
  MarketEvaluation evaluation(market);
  const bundle::DesignOptions as_served{options.samples, noise_seed};
  const absl::StatusOr<bundle::Design> design = bundle::DesignMenu(bundle, market, market.types(), as_served);
  if (!design.ok()) return design.status();
  evaluation.Judge(Method::kPolicy, design->menu);
  evaluation.JudgePosted(Method::kPolicyPosted, contract::Post(market, design->menu));
  evaluation.Judge(Method::kPooling, contract::PoolingMenu(market));
  evaluation.Judge(Method::kLinearPrice, contract::LinearPriceMenu(market));
  evaluation.Judge(Method::kRandomMonotone, contract::RandomMonotoneMenu(market, random));
  if (measure_spread) {
    const bundle::DesignOptions chains{options.spread_samples, noise_seed};
    const absl::StatusOr<bundle::Design> spread = bundle::DesignMenu(bundle, market, market.types(), chains);
    if (!spread.ok()) return spread.status();
    evaluation.SetSpread(spread->utility_spread);
  }
  return evaluation.outcome();
}

}  // namespace

const char* NameOf(Method method) {
  switch (method) {
    case Method::kPolicy:
      return "policy";
    case Method::kPolicyPosted:
      return "policy, posted";
    case Method::kPooling:
      return "pooling";
    case Method::kLinearPrice:
      return "linear price";
    case Method::kRandomMonotone:
      return "random monotone";
  }
  return "unknown";
}

EvaluationOptions DefaultEvaluation(bundle::Family family) {
  EvaluationOptions options;
  if (family == bundle::Family::kScreening) return options;
  options.markets = 1'000;
  options.spread_markets = 200;
  // What the release bars are about: freshness is meant to be asked for the best of several.
  options.samples = family == bundle::Family::kFreshness ? 16 : 1;
  return options;
}

absl::StatusOr<std::vector<MarketOutcome>> EvaluateBundle(const bundle::Bundle& bundle,
                                                          const EvaluationOptions& options) {
  // Two generators, so that the markets do not depend on what the methods draw.
  std::mt19937_64 market_random(options.seed);
  std::mt19937_64 method_random(options.seed + 1);
  std::vector<MarketOutcome> outcomes;
  outcomes.reserve(static_cast<std::size_t>(options.markets));
  for (int i = 0; i < options.markets; ++i) {
    const ScreeningMarket market = contract::SampleMarket(options.distribution, market_random);
    const std::uint64_t noise_seed = method_random();
    const bool measure_spread = options.spread_samples > 1 && i < options.spread_markets;
    absl::StatusOr<MarketOutcome> outcome =
        EvaluateMarket(bundle, market, options, noise_seed, measure_spread, method_random);
    if (!outcome.ok()) return outcome.status();
    outcomes.push_back(*std::move(outcome));
  }
  return outcomes;
}

}  // namespace giot::trainer
