#include "trainer/evaluation/ratio_summary.h"

#include <nlohmann/json.hpp>

#include "absl/strings/str_format.h"
#include "trainer/evaluation/statistics.h"

namespace giot::trainer {

RatioSummary Summarize(absl::Span<const double> ratios) {
  RatioSummary summary;
  summary.markets = static_cast<std::int64_t>(ratios.size());
  summary.p01 = Quantile(ratios, 0.01);
  summary.min = Quantile(ratios, 0.0);
  summary.mean = ratios.empty() ? summary.min : Mean(ratios);
  return summary;
}

void AppendRow(const std::string& name, const RatioSummary& ratio, std::string& table) {
  absl::StrAppendFormat(&table, "  %-24s %9d", name, ratio.markets);
  if (ratio.markets > 0) {
    absl::StrAppendFormat(&table, " %10.4f %10.4f %10.4f", 100 * ratio.mean, 100 * ratio.p01, 100 * ratio.min);
  }
}

void AppendGroups(const std::vector<GroupSummary>& groups, std::string& table) {
  for (const GroupSummary& group : groups) {
    AppendRow(group.name, group.policy, table);
    table += '\n';
  }
}

nlohmann::ordered_json ToJson(const RatioSummary& ratio) {
  nlohmann::ordered_json json = {{"markets", ratio.markets}};
  if (ratio.markets > 0) json.update({{"mean", ratio.mean}, {"p01", ratio.p01}, {"min", ratio.min}});
  return json;
}

nlohmann::ordered_json ToJson(const std::vector<GroupSummary>& groups) {
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  for (const GroupSummary& group : groups) json[group.name] = ToJson(group.policy);
  return json;
}

}  // namespace giot::trainer
