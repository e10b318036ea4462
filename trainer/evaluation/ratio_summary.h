#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "absl/types/span.h"

namespace giot::trainer {

// Utilities as shares of what counts as 1, over some markets.
struct RatioSummary {
  std::int64_t markets = 0;
  double mean = 0.0;  // This and the next two are NaN for no markets.
  double p01 = 0.0;   // 1st percentile.
  double min = 0.0;
};
RatioSummary Summarize(absl::Span<const double> ratios);

// The policy's ratios over markets that have something in common.
struct GroupSummary {
  std::string name;
  RatioSummary policy;
};

// Appends, without ending the line, a row of a table for people: name, markets, and
// the ratios in percent where there are any.
void AppendRow(const std::string& name, const RatioSummary& ratio, std::string& table);
// The same for every group, one a line.
void AppendGroups(const std::vector<GroupSummary>& groups, std::string& table);

nlohmann::ordered_json ToJson(const RatioSummary& ratio);
nlohmann::ordered_json ToJson(const std::vector<GroupSummary>& groups);

}  // namespace giot::trainer
