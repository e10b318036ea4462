#include <algorithm>
#include <fstream>
#include <iostream>
#include <limits>
#include <string>
#include <vector>

#include "absl/flags/commandlineflag.h"
#include "absl/flags/flag.h"
#include "absl/flags/reflection.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "trainer/commands/commands.h"
#include "trainer/commands/exit_codes.h"
#include "trainer/commands/sweep_grid.h"
#include "trainer/commands/training_flags.h"
#include "trainer/evaluation/child_process.h"
#include "trainer/replace_file.h"
#include "trainer/run_summary.h"

ABSL_FLAG(std::string, grid, "", "flags to vary, as 'lr=1e-3,2e-3;hidden=32,64'; the others are those given to sweep");
ABSL_FLAG(std::string, sweep_dir, "", "folder of a sweep: one run a combination, and summary.txt");

namespace giot::trainer {
namespace {

struct Outcome {
  std::string name;
  RunSummary summary;
  std::string failure;  // Empty if the run finished.
};

double Figure(const Outcome& outcome, absl::string_view name) {
  for (const Scalar& scalar : outcome.summary.validation) {
    if (scalar.name == name) return scalar.value;
  }
  return -std::numeric_limits<double>::infinity();
}

std::string LastLine(const std::filesystem::path& path) {
  std::ifstream stream(path);
  std::string last;
  for (std::string line; std::getline(stream, line);) {
    if (!line.empty()) last = line;
  }
  return last;
}

// Sets a training flag for the next run. InvalidArgument naming it.
absl::Status SetGridFlag(const std::string& name, const std::string& value) {
  absl::CommandLineFlag* const flag = absl::FindCommandLineFlag(name);
  std::string error;
  if (IsTrainingFlag(name) && flag->ParseFrom(value, &error)) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("--grid: ", name, "=", value, " is no training flag and value"));
}

// The program again, with the flags that train reads. Its output goes to train.log.
absl::Status RunTrain(const RunFolder& folder, bool resume) {
  const std::string program = std::filesystem::read_symlink("/proc/self/exe").string();
  std::vector<std::string> arguments = {"sh",    "-c",    "exec \"$@\" > train.log 2>&1",     "sh",
                                        program, "train", "--run_dir=" + folder.root.string()};
  if (resume) arguments.emplace_back("--resume");
  for (const absl::string_view flag : absl::StrSplit(TrainingFlags("\n"), '\n', absl::SkipEmpty())) {
    arguments.emplace_back(flag);
  }
  for (const char* name : {"device", "threads", "markets", "cpu_watts", "grid_co2"}) {
    arguments.push_back(absl::StrCat("--", name, "=", absl::FindCommandLineFlag(name)->CurrentValue()));
  }
  return RunProgram(std::move(arguments), folder.root);
}

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

// Trains one combination, or takes what an earlier sweep left.
Outcome RunPoint(const std::filesystem::path& root, const GridPoint& point) {
  Outcome outcome{GridPointName(point), {}, ""};
  for (const auto& [name, value] : point) {
    if (absl::Status status = SetGridFlag(name, value); !status.ok()) {
      outcome.failure = std::string(status.message());
      return outcome;
    }
  }
  const RunFolder folder{root / outcome.name};
  const bool resume = std::filesystem::exists(folder.config());
  if (resume && ReadFile(folder.config()) != TrainingFlags("\n")) {
    outcome.failure = "its folder holds a run of other flags; name another --sweep_dir";
    return outcome;
  }
  const absl::StatusOr<RunSummary> before = ReadRunSummary(folder.summary());
  const bool there = before.ok() && before->finished();
  if (!there) {
    std::filesystem::create_directories(folder.root);
    if (const absl::Status status = RunTrain(folder, resume); !status.ok()) {
      outcome.failure = LastLine(folder.root / "train.log");
      if (outcome.failure.empty()) outcome.failure = std::string(status.message());
      return outcome;
    }
  }
  const absl::StatusOr<RunSummary> summary = ReadRunSummary(folder.summary());
  if (summary.ok()) outcome.summary = *summary;
  if (!summary.ok()) outcome.failure = std::string(summary.status().message());
  return outcome;
}

std::string Table(const std::vector<Outcome>& outcomes) {
  std::size_t width = 4;
  for (const Outcome& outcome : outcomes) width = std::max(width, outcome.name.size());
  const int w = static_cast<int>(width);
  std::string table = absl::StrFormat("%-*s %10s %10s %10s %9s %9s %10s\n", w, "run", "mean", "p01", "min", "steps/s",
                                      "seconds", "kWh");
  for (const Outcome& outcome : outcomes) {
    if (!outcome.failure.empty()) {
      absl::StrAppendFormat(&table, "%-*s failed: %s\n", w, outcome.name, outcome.failure);
      continue;
    }
    const RunCost& cost = outcome.summary.cost;
    absl::StrAppendFormat(&table, "%-*s %10.6f %10.6f %10.6f %9.1f %9.1f %10.3g\n", w, outcome.name,
                          Figure(outcome, "validation_mean"), Figure(outcome, "validation_p01"),
                          Figure(outcome, "validation_min"), StepsPerSecond(outcome.summary), cost.wall_seconds,
                          EnergyKwh(cost, outcome.summary.power));
  }
  return table;
}

}  // namespace

absl::StatusOr<int> Sweep() {
  const std::string directory = absl::GetFlag(FLAGS_sweep_dir);
  if (directory.empty()) return absl::InvalidArgumentError("--sweep_dir: want the folder of a sweep");
  const absl::StatusOr<std::vector<GridPoint>> points = ParseGrid(absl::GetFlag(FLAGS_grid));
  if (!points.ok()) return points.status();
  const std::filesystem::path root = std::filesystem::absolute(directory);
  std::vector<Outcome> outcomes;
  for (const GridPoint& point : *points) {
    outcomes.push_back(RunPoint(root, point));
    std::cout << outcomes.size() << '/' << points->size() << "  " << outcomes.back().name << std::endl;
  }
  std::stable_sort(outcomes.begin(), outcomes.end(), [](const Outcome& a, const Outcome& b) {
    if (a.failure.empty() != b.failure.empty()) return a.failure.empty();
    return Figure(a, "validation_mean") > Figure(b, "validation_mean");
  });
  const std::string table = Table(outcomes);
  std::cout << table;
  if (absl::Status status = ReplaceFile(root / "summary.txt", table); !status.ok()) return status;
  return outcomes.back().failure.empty() ? kDone : kFailed;
}

}  // namespace giot::trainer
