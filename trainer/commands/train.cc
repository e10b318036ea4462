#include <unistd.h>

#include <chrono>
#include <iostream>
#include <memory>
#include <utility>

#include "absl/flags/flag.h"
#include "absl/strings/str_cat.h"
#include "trainer/checkpoint.h"
#include "trainer/commands/bundle_export.h"
#include "trainer/commands/commands.h"
#include "trainer/commands/exit_codes.h"
#include "trainer/commands/run_flags.h"
#include "trainer/commands/training_flags.h"
#include "trainer/pathwise.h"
#include "trainer/replace_file.h"
#include "trainer/stop_signal.h"
#include "trainer/validation.h"

namespace {
// Of the markets that training looks at now and then; not those of evaluate and gate.
constexpr std::uint64_t kValidationSeed = 10250001;
}  // namespace

ABSL_FLAG(bool, resume, false, "continue the run in --run_dir, with the settings it was started with");

namespace giot::trainer {
namespace {

double Seconds() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

absl::Status StartRun(const RunFolder& folder) {
  if (std::filesystem::exists(folder.config())) {
    return absl::AlreadyExistsError(
        absl::StrCat("--run_dir: ", folder.root.string(), " holds a run; continue it with --resume or name another"));
  }
  return ReplaceFile(folder.config(), TrainingFlags("\n"));
}

// A run that was ended before its first checkpoint begins again.
absl::Status Continue(const RunFolder& folder, Algorithm& algorithm, torch::Device device) {
  const absl::Status status = CheckpointStore(folder.checkpoints(), 1).LoadNewest(algorithm, device);
  return absl::IsNotFound(status) ? absl::OkStatus() : status;
}

absl::Status WriteFinalBundle(const RunFolder& folder, const TrainingSettings& settings, const Algorithm& algorithm) {
  const absl::StatusOr<std::filesystem::path> bundle = ExportBundle(folder.bundles(), settings, algorithm.policy());
  if (absl::IsAlreadyExists(bundle.status())) {
    std::cout << "the bundle is there already\n";
    return absl::OkStatus();
  }
  if (bundle.ok()) std::cout << "bundle: " << bundle->string() << '\n';
  return bundle.status();
}

// A run, and the signal that stopped it, 0 if none did.
struct Outcome {
  absl::StatusOr<RunEnd> end;
  int signal = 0;
};

Outcome RunUntilStopped(const RunFolder& folder, const TrainingSettings& settings, Algorithm& algorithm,
                        torch::Device device) {
  const Validation validation(*settings.environment, settings.validation_markets, kValidationSeed, device);
  Progress::Options options;
  options.terminal = isatty(STDOUT_FILENO) != 0;
  options.clock = Seconds;
  Progress progress(std::cout, algorithm.iteration(), algorithm.iterations(), options);
  const StopSignal signal;
  const auto should_stop = [&signal] { return signal.received() != 0; };
  absl::StatusOr<RunEnd> end = RunTraining(algorithm, validation, folder, settings.schedule, should_stop, progress);
  return {std::move(end), signal.received()};
}

absl::StatusOr<int> RunToEnd(const RunFolder& folder, const TrainingSettings& settings, Algorithm& algorithm,
                             torch::Device device) {
  const Outcome outcome = RunUntilStopped(folder, settings, algorithm, device);
  if (!outcome.end.ok()) return outcome.end.status();
  if (*outcome.end == RunEnd::kStopped) {
    std::cout << "stopped after iteration " << algorithm.iteration()
              << "; continue with: giot-trainer train --resume --run_dir=" << folder.root.string() << std::endl;
    return kSignalBase + outcome.signal;
  }
  if (absl::Status status = WriteFinalBundle(folder, settings, algorithm); !status.ok()) return status;
  return kDone;
}

}  // namespace

absl::StatusOr<int> Train() {
  const absl::StatusOr<RunFolder> folder = RunFolderFromFlags();
  if (!folder.ok()) return folder.status();
  const bool resume = absl::GetFlag(FLAGS_resume);
  if (resume) {
    if (absl::Status status = ReadTrainingFlags(folder->config()); !status.ok()) return status;
  }
  const absl::StatusOr<TrainingSettings> settings = TrainingSettingsFromFlags();
  if (!settings.ok()) return settings.status();
  if (absl::Status status = CheckExportFlags(); !status.ok()) return status;
  const absl::StatusOr<torch::Device> device = DeviceFromFlags();
  if (!device.ok()) return device.status();
  if (!resume) {
    if (absl::Status status = StartRun(*folder); !status.ok()) return status;
  }
  const std::unique_ptr<Algorithm> algorithm =
      std::make_unique<PathwiseTrainer>(settings->pathwise, settings->environment, *device);
  if (resume) {
    if (absl::Status status = Continue(*folder, *algorithm, *device); !status.ok()) return status;
  }
  std::cout << "run " << folder->root.string() << ": iteration " << algorithm->iteration() << " of "
            << algorithm->iterations() << " on " << device->str() << std::endl;
  return RunToEnd(*folder, *settings, *algorithm, *device);
}

}  // namespace giot::trainer
