#include "trainer/evaluation/unsolved_report.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "trainer/evaluation/statistics.h"

namespace giot::trainer {
namespace {

using Json = nlohmann::ordered_json;

// What `share` says of the markets that count.
template <typename Share>
std::vector<double> Shares(absl::Span<const UnsolvedOutcome> outcomes, Share share) {
  std::vector<double> shares;
  for (const UnsolvedOutcome& outcome : outcomes) {
    if (outcome.BestFound() > 0.0) shares.push_back(share(outcome));
  }
  return shares;
}

UnsolvedSummary SummarizeMethod(absl::Span<const UnsolvedOutcome> outcomes, UnsolvedMethod method) {
  UnsolvedSummary summary;
  summary.method = method;
  summary.of_best = Summarize(Ratios(outcomes, method));
  summary.of_bound = Summarize(Shares(
      outcomes, [method](const UnsolvedOutcome& outcome) { return outcome[method].utility / outcome.upper_bound; }));
  for (const UnsolvedOutcome& outcome : outcomes) summary.infeasible += outcome[method].feasible ? 0 : 1;
  if (!outcomes.empty()) {
    summary.infeasible_share = static_cast<double>(summary.infeasible) / static_cast<double>(outcomes.size());
  }
  return summary;
}

std::vector<GroupSummary> GroupByTypes(absl::Span<const UnsolvedOutcome> outcomes) {
  std::map<int, std::vector<UnsolvedOutcome>> by_types;
  for (const UnsolvedOutcome& outcome : outcomes) by_types[outcome.types].push_back(outcome);
  std::vector<GroupSummary> groups;
  for (const auto& [types, members] : by_types) {
    RatioSummary policy = Summarize(Ratios(members, UnsolvedMethod::kPolicy));
    if (policy.markets > 0) groups.push_back({absl::StrCat("K = ", types), policy});
  }
  return groups;
}

Json ToJson(const UnsolvedSummary& method) {
  return {{"of_best_found", ToJson(method.of_best)},
          {"of_upper_bound", ToJson(method.of_bound)},
          {"infeasible", method.infeasible},
          {"infeasible_share", method.infeasible_share}};
}

}  // namespace

std::vector<double> Ratios(absl::Span<const UnsolvedOutcome> outcomes, UnsolvedMethod method) {
  return Shares(outcomes,
                [method](const UnsolvedOutcome& outcome) { return outcome[method].utility / outcome.BestFound(); });
}

UnsolvedReport Report(absl::Span<const UnsolvedOutcome> outcomes) {
  UnsolvedReport report;
  report.markets = static_cast<std::int64_t>(outcomes.size());
  for (std::size_t i = 0; i < kUnsolvedMethods.size(); ++i) {
    report.methods[i] = SummarizeMethod(outcomes, kUnsolvedMethods[i]);
  }
  report.best_of_bound = Summarize(
      Shares(outcomes, [](const UnsolvedOutcome& outcome) { return outcome.BestFound() / outcome.upper_bound; }));
  report.excluded = report.markets - report.best_of_bound.markets;
  report.by_types = GroupByTypes(outcomes);
  std::vector<double> spreads;
  for (const UnsolvedOutcome& outcome : outcomes) {
    if (outcome.spread && outcome.BestFound() > 0.0) spreads.push_back(*outcome.spread / outcome.BestFound());
  }
  report.spread_markets = static_cast<std::int64_t>(spreads.size());
  report.spread = Mean(spreads);
  report.spread_max = spreads.empty() ? 0.0 : *std::max_element(spreads.begin(), spreads.end());
  return report;
}

std::string ToTable(const UnsolvedReport& report, const EvaluationOptions& options) {
  std::string table = absl::StrFormat("%-26s %9s %10s %10s %10s %12s\n", "utility, % of best found", "markets", "mean",
                                      "1st pct", "minimum", "infeasible %");
  for (const UnsolvedSummary& method : report.methods) {
    AppendRow(NameOf(method.method), method.of_best, table);
    absl::StrAppendFormat(&table, " %12.4f\n", 100 * method.infeasible_share);
  }
  table += "utility, % of the upper bound\n";
  for (const UnsolvedSummary& method : report.methods) {
    AppendRow(NameOf(method.method), method.of_bound, table);
    table += '\n';
  }
  AppendGroups({{"best found", report.best_of_bound}}, table);
  if (report.by_types.size() > 1) {
    table += "policy, % of best found, by types\n";
    AppendGroups(report.by_types, table);
  }
  absl::StrAppendFormat(&table,
                        "best found: the better of the policy, N = %d, and a search of %d evaluations a market; for %d "
                        "of %d markets it is not positive, they count in no ratio\n",
                        options.samples, options.reference_evaluations, report.excluded, report.markets);
  if (report.spread_markets > 0) {
    absl::StrAppendFormat(
        &table, "sampling spread (standard deviation over single chains, %d markets): %.5f %% mean, %.5f %% most\n",
        report.spread_markets, 100 * report.spread, 100 * report.spread_max);
  }
  return table;
}

std::string ToJson(const UnsolvedReport& report, const EvaluationSubject& subject, const EvaluationOptions& options) {
  Json methods = Json::object();
  for (const UnsolvedSummary& method : report.methods) methods[NameOf(method.method)] = ToJson(method);
  const Json json = {
      {"model", ToJson(subject)},
      {"seed", options.seed},
      {"samples", options.samples},
      {"reference_evaluations", options.reference_evaluations},
      {"markets", report.markets},
      {"excluded", report.excluded},
      {"methods", methods},
      {"best_found_of_upper_bound", ToJson(report.best_of_bound)},
      {"policy_by_types", ToJson(report.by_types)},
      {"sampling_spread", {{"markets", report.spread_markets}, {"mean", report.spread}, {"max", report.spread_max}}},
  };
  return json.dump(2) + "\n";
}

}  // namespace giot::trainer
