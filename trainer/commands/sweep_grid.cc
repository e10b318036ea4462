#include "trainer/commands/sweep_grid.h"

#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace giot::trainer {

absl::StatusOr<std::vector<GridPoint>> ParseGrid(absl::string_view grid) {
  std::vector<GridPoint> points = {{}};
  std::set<std::string> seen;
  for (const absl::string_view axis : absl::StrSplit(grid, ';')) {
    const std::pair<std::string, std::string> parts = absl::StrSplit(axis, absl::MaxSplits('=', 1));
    const std::vector<std::string> values = absl::StrSplit(parts.second, ',');
    bool sound = !parts.first.empty() && seen.insert(parts.first).second;
    for (const std::string& value : values) sound = sound && !value.empty() && !absl::StrContains(value, '/');
    if (!sound) {
      return absl::InvalidArgumentError(
          absl::StrCat("--grid: got '", axis, "', want each flag once, as flag=value,value"));
    }
    std::vector<GridPoint> longer;
    for (const GridPoint& point : points) {
      for (const std::string& value : values) {
        longer.push_back(point);
        longer.back().emplace_back(parts.first, value);
      }
    }
    points = std::move(longer);
  }
  return points;
}

std::string GridPointName(const GridPoint& point) {
  std::string name;
  for (const auto& [flag, value] : point) absl::StrAppend(&name, name.empty() ? "" : ",", flag, "=", value);
  return name;
}

}  // namespace giot::trainer
