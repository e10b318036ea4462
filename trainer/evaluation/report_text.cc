#include <nlohmann/json.hpp>

#include "absl/strings/str_format.h"
#include "trainer/evaluation/report.h"

namespace giot::trainer {
namespace {

using Json = nlohmann::ordered_json;

Json ToJson(const MethodSummary& method) {
  Json json = ToJson(method.ratio);
  json["infeasible"] = method.infeasible;
  json["infeasible_share"] = method.infeasible_share;
  return json;
}

}  // namespace

std::string ToTable(const EvaluationReport& report) {
  std::string table = absl::StrFormat("%-26s %9s %10s %10s %10s %12s\n", "server utility, % of best", "markets", "mean",
                                      "1st pct", "minimum", "infeasible %");
  for (const MethodSummary& method : report.methods) {
    AppendRow(NameOf(method.method), method.ratio, table);
    absl::StrAppendFormat(&table, " %12.4f\n", 100 * method.infeasible_share);
  }
  table += "policy, by types\n";
  AppendGroups(report.by_types, table);
  table += "policy, by what binds at the optimum\n";
  AppendGroups(report.by_constraint, table);
  absl::StrAppendFormat(&table, "%d of %d markets have no positive optimum and count in no ratio\n", report.excluded,
                        report.markets);
  if (report.spread_markets > 0) {
    absl::StrAppendFormat(
        &table, "sampling spread (standard deviation over single chains, %d markets): %.5f %% mean, %.5f %% most\n",
        report.spread_markets, 100 * report.spread, 100 * report.spread_max);
  }
  return table;
}

std::string ToJson(const EvaluationReport& report, const EvaluationSubject& subject, const EvaluationOptions& options) {
  Json methods = Json::object();
  for (const MethodSummary& method : report.methods) methods[NameOf(method.method)] = ToJson(method);
  const Json json = {
      {"model", ToJson(subject)},
      {"seed", options.seed},
      {"samples", options.samples},
      {"types_min", options.distribution.types_min},
      {"types_max", options.distribution.types_max},
      {"markets", report.markets},
      {"excluded", report.excluded},
      {"methods", methods},
      {"policy_by_types", ToJson(report.by_types)},
      {"policy_by_constraint", ToJson(report.by_constraint)},
      {"sampling_spread", {{"markets", report.spread_markets}, {"mean", report.spread}, {"max", report.spread_max}}},
  };
  return json.dump(2) + "\n";
}

}  // namespace giot::trainer
