#include "trainer/run_comparison.h"

#include <algorithm>
#include <fstream>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "trainer/evaluation/ratio_summary.h"
#include "trainer/evaluation/release.h"
#include "trainer/evaluation/statistics.h"

namespace giot::trainer {
namespace {

constexpr char kMissing[] = "-";

using Settings = std::map<std::string, std::string>;

std::string Find(const Settings& settings, const std::string& name) {
  const auto found = settings.find(name);
  return found == settings.end() ? kMissing : found->second;
}

std::string Find(const Scalars& scalars, const std::string& name) {
  for (const Scalar& scalar : scalars) {
    if (scalar.name == name) return absl::StrFormat("%.6f", scalar.value);
  }
  return kMissing;
}

void AppendPair(const std::string& name, const std::string& a, const std::string& b, std::string& table) {
  absl::StrAppendFormat(&table, "  %-24s %20s %20s\n", name, a, b);
}

void AppendSettings(const Settings& a, const Settings& b, std::string& table) {
  std::set<std::string> names;
  for (const auto& [name, value] : a) names.insert(name);
  for (const auto& [name, value] : b) names.insert(name);
  std::erase_if(names, [&](const std::string& name) { return Find(a, name) == Find(b, name); });
  if (names.empty()) table += "  all the same\n";
  for (const std::string& name : names) AppendPair(name, Find(a, name), Find(b, name), table);
}

void AppendValidation(const Scalars& a, const Scalars& b, std::string& table) {
  std::vector<std::string> names;
  for (const Scalars* scalars : {&a, &b}) {
    for (const Scalar& scalar : *scalars) {
      if (std::find(names.begin(), names.end(), scalar.name) == names.end()) names.push_back(scalar.name);
    }
  }
  for (const std::string& name : names) AppendPair(name, Find(a, name), Find(b, name), table);
}

void AppendCost(const RunSummary& a, const RunSummary& b, std::string& table) {
  const auto append = [&](const char* name, auto figure) {
    AppendPair(name, absl::StrFormat("%.4g", figure(a)), absl::StrFormat("%.4g", figure(b)), table);
  };
  AppendPair("state", a.state, b.state, table);
  AppendPair("iteration", absl::StrCat(a.iteration), absl::StrCat(b.iteration), table);
  append("steps/s", StepsPerSecond);
  append("wall-clock, s", [](const RunSummary& run) { return run.cost.wall_seconds; });
  append("CPU, s", [](const RunSummary& run) { return run.cost.cpu_seconds; });
  append("energy, kWh", [](const RunSummary& run) { return EnergyKwh(run.cost, run.power); });
  append("CO2, g", [](const RunSummary& run) { return Co2Grams(run.cost, run.power); });
}

}  // namespace

absl::StatusOr<RunRecord> ReadRun(const RunFolder& folder) {
  std::ifstream stream(folder.config());
  if (!stream) return absl::NotFoundError(absl::StrCat(folder.config().string(), ": no such run"));
  RunRecord record;
  for (std::string line; std::getline(stream, line);) {
    const std::pair<std::string, std::string> parts =
        absl::StrSplit(absl::StripPrefix(line, "--"), absl::MaxSplits('=', 1));
    record.settings.insert(parts);
  }
  absl::StatusOr<RunSummary> summary = ReadRunSummary(folder.summary());
  if (!summary.ok()) return summary.status();
  record.summary = *std::move(summary);
  return record;
}

std::optional<std::filesystem::path> NewestBundle(const RunFolder& folder) {
  std::set<std::string> names;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder.bundles(), error)) {
    names.insert(entry.path().filename().string());
  }
  for (const std::string& name : names) {
    if (std::optional<std::filesystem::path> newest = NewestRelease(folder.bundles(), name)) return newest;
  }
  return std::nullopt;
}

std::string CompareRuns(const RunRecord& a, const RunRecord& b) {
  std::string table = absl::StrFormat("%-26s %20s %20s\n", "settings that differ", "A", "B");
  AppendSettings(a.settings, b.settings, table);
  table += "newest validation\n";
  AppendValidation(a.summary.validation, b.summary.validation, table);
  table += "cost\n";
  AppendCost(a.summary, b.summary, table);
  return table;
}

std::string CompareShares(absl::Span<const double> a, absl::Span<const double> b) {
  std::string table;
  for (const auto& [name, shares] : {std::pair("A", a), std::pair("B", b)}) {
    AppendRow(name, Summarize(shares), table);
    table += '\n';
  }
  std::vector<double> gains;
  for (std::size_t i = 0; i < a.size(); ++i) gains.push_back(b[i] - a[i]);
  const Interval interval = MeanInterval95(gains);
  absl::StrAppendFormat(&table, "  B - A: %+.4f points, 95 %% interval [%+.4f, %+.4f]\n", 100 * Mean(gains),
                        100 * interval.low, 100 * interval.high);
  return table;
}

}  // namespace giot::trainer
