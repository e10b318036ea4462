#include "trainer/evaluation/held_out_values.h"

#include <algorithm>
#include <cstddef>

#include "trainer/evaluation/evaluate_unsolved.h"

namespace giot::trainer {
namespace {

absl::StatusOr<HeldOutValues> MeasureSolved(const bundle::Bundle& bundle, const EvaluationOptions& options) {
  const absl::StatusOr<std::vector<MarketOutcome>> outcomes = EvaluateBundle(bundle, options);
  if (!outcomes.ok()) return outcomes.status();
  HeldOutValues values;
  for (const MarketOutcome& outcome : *outcomes) {
    values.utility.push_back(outcome[Method::kPolicy].ratio);
    values.best.push_back(outcome.optimum_positive ? 1.0 : 0.0);
    values.infeasible += outcome[Method::kPolicy].feasible && outcome[Method::kPolicyPosted].feasible ? 0 : 1;
  }
  return values;
}

absl::StatusOr<HeldOutValues> MeasureUnsolved(const bundle::Bundle& bundle, const EvaluationOptions& options) {
  const absl::StatusOr<std::vector<UnsolvedOutcome>> outcomes = EvaluateUnsolved(bundle, options);
  if (!outcomes.ok()) return outcomes.status();
  HeldOutValues values;
  for (const UnsolvedOutcome& outcome : *outcomes) {
    values.utility.push_back(outcome[UnsolvedMethod::kPolicy].utility);
    values.best.push_back(outcome.BestFound());
    const bool feasible = outcome[UnsolvedMethod::kPolicy].feasible && outcome[UnsolvedMethod::kPolicyPosted].feasible;
    values.infeasible += feasible ? 0 : 1;
  }
  return values;
}

}  // namespace

absl::StatusOr<HeldOutValues> MeasureHeldOut(const bundle::Bundle& bundle, EvaluationOptions options) {
  options.spread_samples = 0;
  return bundle.manifest().family == bundle::Family::kScreening ? MeasureSolved(bundle, options)
                                                                : MeasureUnsolved(bundle, options);
}

std::vector<double> Shares(const HeldOutValues& values) { return PairedShares(values, values).first; }

std::pair<std::vector<double>, std::vector<double>> PairedShares(const HeldOutValues& a, const HeldOutValues& b) {
  std::pair<std::vector<double>, std::vector<double>> shares;
  for (std::size_t i = 0; i < a.best.size(); ++i) {
    const double best = std::max(a.best[i], b.best[i]);
    if (best <= 0.0) continue;
    shares.first.push_back(a.utility[i] / best);
    shares.second.push_back(b.utility[i] / best);
  }
  return shares;
}

}  // namespace giot::trainer
