#include <torch/version.h>

#include <cstddef>
#include <functional>
#include <iostream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "absl/flags/usage_config.h"
#include "absl/strings/match.h"
#include "cmake/version.h"
#include "models/policy/runtime.h"
#include "trainer/commands/commands.h"
#include "trainer/commands/exit_codes.h"
#include "trainer/error_line.h"
#include "trainer/retained_memory.h"

ABSL_FLAG(int, threads, 1, "threads for computation; more than one gives up bit-for-bit repeatability");

namespace giot::trainer {
namespace {

constexpr char kUsage[] =
    "trains, evaluates and releases policies that design contract menus\n\n"
    "  giot-trainer train --run_dir=DIR --flagfile=CONFIG   train; writes a run, at its end a bundle\n"
    "  giot-trainer train --run_dir=DIR --resume            continue a stopped run\n"
    "  giot-trainer find-lr --flagfile=CONFIG               learning-rate range test; suggests an --lr\n"
    "  giot-trainer sweep --sweep_dir=DIR --grid=GRID       train every combination of a grid of flags\n"
    "  giot-trainer export --run_dir=DIR                    checkpoint to bundle\n"
    "  giot-trainer evaluate --bundle=DIR                   measure a bundle on held-out markets\n"
    "  giot-trainer gate --candidate=DIR --release_root=DIR release a bundle if it is better\n"
    "  giot-trainer compare DIR DIR                         two runs: settings, results, cost, and their policies\n"
    "  giot-trainer quality --quality_root=DIR --data=DIR   train the model that scores images; see quality.flags\n\n"
    "--help lists all flags; they may also stand in a file: --flagfile=FILE.";

struct Command {
  std::size_t arguments;  // Words that follow the command's name.
  std::function<absl::StatusOr<int>(const std::vector<char*>& words)> run;
};

Command WithoutArguments(absl::StatusOr<int> (&run)()) {
  return {0, [&run](const std::vector<char*>&) { return run(); }};
}

const std::map<std::string, Command>& Commands() {
  static const auto* const commands = new std::map<std::string, Command>{
      {"train", WithoutArguments(Train)},
      {"find-lr", WithoutArguments(FindLearningRate)},
      {"sweep", WithoutArguments(Sweep)},
      {"evaluate", WithoutArguments(Evaluate)},
      {"export", WithoutArguments(Export)},
      {"gate", WithoutArguments(Gate)},
      {"quality", WithoutArguments(Quality)},
      {"compare", {2, [](const std::vector<char*>& words) { return Compare(words[2], words[3]); }}}};
  return *commands;
}

bool IsOurs(absl::string_view filename) { return absl::StrContains(filename, "trainer/"); }

std::string VersionText() {
  std::ostringstream text;
  text << "giot-trainer " << kVersion << " (commit " << kCommit << ", " << kCompiler << ", LibTorch " << TORCH_VERSION
       << ")\n";
  return text.str();
}

void ConfigureFlags() {
  absl::SetProgramUsageMessage(kUsage);
  absl::FlagsUsageConfig config;
  config.contains_helpshort_flags = IsOurs;
  config.contains_help_flags = IsOurs;
  config.contains_helppackage_flags = IsOurs;
  config.version_string = VersionText;
  absl::SetFlagsUsageConfig(config);
}

int Fail(const absl::Status& status) {
  std::cerr << "giot-trainer: " << status.message() << '\n';
  return absl::IsOutOfRange(status) ? kDiverged : kFailed;
}

// What no function could turn into a status, above all memory that is not there.
absl::StatusOr<int> Guarded(const Command& command, const std::vector<char*>& words) {
  try {
    return command.run(words);
  } catch (const std::exception& error) {
    if (!IsOutOfMemory(error)) return absl::InternalError(ErrorLine(error));
    return absl::ResourceExhaustedError("out of memory; a smaller --batch or --hidden needs less");
  }
}

int Main(int argc, char** argv) {
  ConfigureFlags();
  const std::vector<char*> words = absl::ParseCommandLine(argc, argv);
  const auto command = words.size() < 2 ? Commands().end() : Commands().find(words[1]);
  if (command == Commands().end() || words.size() != 2 + command->second.arguments) {
    std::cerr << "giot-trainer: want one of train, find-lr, sweep, evaluate, export, gate, quality, and compare with two folders\n\n"
              << kUsage << '\n';
    return kFailed;
  }
  if (absl::GetFlag(FLAGS_threads) < 1) return Fail(absl::InvalidArgumentError("--threads: want at least 1"));
  RetainFreedMemory();
  policy::SetComputeThreads(absl::GetFlag(FLAGS_threads));
  const absl::StatusOr<int> code = Guarded(command->second, words);
  return code.ok() ? *code : Fail(code.status());
}

}  // namespace
}  // namespace giot::trainer

int main(int argc, char** argv) { return giot::trainer::Main(argc, argv); }
