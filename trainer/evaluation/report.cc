#include "trainer/evaluation/report.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "trainer/evaluation/statistics.h"

namespace giot::trainer {
namespace {

template <typename Predicate>
GroupSummary Group(absl::Span<const MarketOutcome> outcomes, std::string name, Predicate belongs) {
  std::vector<double> ratios;
  for (const MarketOutcome& outcome : outcomes) {
    if (outcome.optimum_positive && belongs(outcome)) ratios.push_back(outcome[Method::kPolicy].ratio);
  }
  return {std::move(name), Summarize(ratios)};
}

MethodSummary SummarizeMethod(absl::Span<const MarketOutcome> outcomes, Method method) {
  MethodSummary summary;
  summary.method = method;
  summary.ratio = Summarize(Ratios(outcomes, method));
  for (const MarketOutcome& outcome : outcomes) summary.infeasible += outcome[method].feasible ? 0 : 1;
  if (!outcomes.empty()) {
    summary.infeasible_share = static_cast<double>(summary.infeasible) / static_cast<double>(outcomes.size());
  }
  return summary;
}

std::vector<GroupSummary> GroupByTypes(absl::Span<const MarketOutcome> outcomes) {
  std::vector<GroupSummary> groups;
  for (int types = 1; types <= contract::kMaxTypes; ++types) {
    GroupSummary group = Group(outcomes, absl::StrCat("K = ", types),
                               [types](const MarketOutcome& outcome) { return outcome.types == types; });
    if (group.policy.markets > 0) groups.push_back(std::move(group));
  }
  return groups;
}

std::vector<GroupSummary> GroupByConstraint(absl::Span<const MarketOutcome> outcomes) {
  std::vector<GroupSummary> groups;
  for (const bool ironed : {false, true}) {
    for (const bool binds : {false, true}) {
      const char* name = ironed ? (binds ? "ironed, budget binds" : "ironed, budget slack")
                                : (binds ? "regular, budget binds" : "regular, budget slack");
      groups.push_back(Group(outcomes, name, [ironed, binds](const MarketOutcome& outcome) {
        return outcome.ironed == ironed && outcome.budget_binds == binds;
      }));
    }
  }
  return groups;
}

}  // namespace

std::vector<double> Ratios(absl::Span<const MarketOutcome> outcomes, Method method) {
  std::vector<double> ratios;
  for (const MarketOutcome& outcome : outcomes) {
    if (outcome.optimum_positive) ratios.push_back(outcome[method].ratio);
  }
  return ratios;
}

EvaluationReport Report(absl::Span<const MarketOutcome> outcomes) {
  EvaluationReport report;
  report.markets = static_cast<std::int64_t>(outcomes.size());
  for (std::size_t i = 0; i < kMethods.size(); ++i) report.methods[i] = SummarizeMethod(outcomes, kMethods[i]);
  report.excluded = report.markets - report.methods[0].ratio.markets;
  report.by_types = GroupByTypes(outcomes);
  report.by_constraint = GroupByConstraint(outcomes);
  std::vector<double> spreads;
  for (const MarketOutcome& outcome : outcomes) {
    if (outcome.spread) spreads.push_back(*outcome.spread);
  }
  report.spread_markets = static_cast<std::int64_t>(spreads.size());
  report.spread = Mean(spreads);
  report.spread_max = spreads.empty() ? 0.0 : *std::max_element(spreads.begin(), spreads.end());
  return report;
}

}  // namespace giot::trainer
