#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <utility>

#include "absl/flags/flag.h"
#include "absl/strings/str_cat.h"
#include "models/policy/runtime.h"
#include "trainer/accounting/gpu_energy.h"
#include "trainer/checkpoint.h"
#include "trainer/commands/algorithm_factory.h"
#include "trainer/commands/bundle_export.h"
#include "trainer/commands/commands.h"
#include "trainer/commands/exit_codes.h"
#include "trainer/commands/flag_range.h"
#include "trainer/commands/run_flags.h"
#include "trainer/commands/training_flags.h"
#include "trainer/distributed/cluster_environment.h"
#include "trainer/distributed/connect.h"
#include "trainer/replace_file.h"
#include "trainer/run_summary.h"
#include "trainer/stop_signal.h"
#include "trainer/validation.h"

namespace {
// Of the markets that training looks at now and then; not those of evaluate and gate.
constexpr std::uint64_t kValidationSeed = 10250001;
}  // namespace

ABSL_FLAG(bool, resume, false, "continue the run in --run_dir, with the settings it was started with");
ABSL_FLAG(double, cluster_timeout, 60,
          "seconds after which a process of several gives up on the others; see docs/cluster.md");
ABSL_FLAG(double, cpu_watts, 10, "power of one busy CPU core, for the energy in summary.json");
ABSL_FLAG(double, grid_co2, 400, "grams of CO2 a kWh, for the emissions in summary.json");

namespace giot::trainer {
namespace {

absl::StatusOr<PowerModel> PowerModelFromFlags() {
  const PowerModel power{absl::GetFlag(FLAGS_cpu_watts), absl::GetFlag(FLAGS_grid_co2)};
  FlagRange check;
  check.Within("cpu_watts", power.cpu_watts, 0, 1e5);
  check.Within("grid_co2", power.grid_co2, 0, 1e5);
  if (!check.status().ok()) return check.status();
  return power;
}

// Goes on from what the run's summary says, if it has one.
absl::StatusOr<CostMeter> StartMeter(const RunFolder& folder, torch::Device device) {
  const absl::StatusOr<RunSummary> before = ReadRunSummary(folder.summary());
  if (!before.ok() && !absl::IsNotFound(before.status())) return before.status();
  CostClocks clocks = ProcessClocks();
  if (device.is_cuda()) {
    const std::function<double()> gpu = OpenGpuEnergy("libnvidia-ml.so.1", static_cast<unsigned>(device.index()));
    if (gpu) clocks.gpu_joules = gpu;
    if (!gpu) std::cout << "the GPU's energy cannot be measured and counts as 0" << std::endl;
  }
  return CostMeter(before.ok() ? before->cost : RunCost(), std::move(clocks));
}

void UseDeterministicKernels() {
  // cuBLAS reads it when it is first used.
  setenv("CUBLAS_WORKSPACE_CONFIG", ":4096:8", /*overwrite=*/1);
  policy::SetComputeThreads(1);
  at::globalContext().setDeterministicAlgorithms(true, /*warn_only=*/false);
  at::globalContext().setDeterministicCuDNN(true);
  at::globalContext().setBenchmarkCuDNN(false);
}

double Seconds() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

absl::Status StartRun(const RunFolder& folder) {
  std::error_code unreadable;
  if (std::filesystem::exists(folder.config(), unreadable)) {
    return absl::AlreadyExistsError(
        absl::StrCat("--run_dir: ", folder.root.string(), " holds a run; continue it with --resume or name another"));
  }
  const absl::Status written = ReplaceFile(folder.config(), TrainingFlags("\n"));
  if (written.ok()) return written;
  return absl::Status(written.code(),
                      absl::StrCat("--run_dir: want a folder that can be written: ", written.message()));
}

// A run that was ended before its first checkpoint begins again.
absl::Status Continue(const RunFolder& folder, Algorithm& algorithm, torch::Device device) {
  const absl::Status status = CheckpointStore(folder.checkpoints(), 1).LoadNewest(algorithm, device);
  return absl::IsNotFound(status) ? absl::OkStatus() : status;
}

absl::Status WriteFinalBundle(const RunFolder& folder, const TrainingSettings& settings, const Algorithm& algorithm) {
  if (absl::Status status = CheckExportable(settings, algorithm); !status.ok()) {
    std::cout << "no bundle: " << status.message() << '\n';
    return absl::OkStatus();
  }
  const absl::StatusOr<std::filesystem::path> bundle =
      ExportBundle(folder.bundles(), folder, settings, algorithm.policy());
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
                        torch::Device device, Communicator& communicator) {
  const StopSignal signal;
  const auto should_stop = [&signal] { return signal.received() != 0; };
  if (communicator.rank() > 0) {
    absl::StatusOr<RunEnd> end = FollowTraining(algorithm, should_stop, communicator);
    return {std::move(end), signal.received()};
  }
  const Validation validation(*settings.environment, settings.validation_markets, kValidationSeed, device);
  const absl::StatusOr<CostMeter> meter = StartMeter(folder, device);
  if (!meter.ok()) return {meter.status(), 0};
  const absl::StatusOr<PowerModel> power = PowerModelFromFlags();
  if (!power.ok()) return {power.status(), 0};
  Progress::Options options;
  options.terminal = isatty(STDOUT_FILENO) != 0;
  options.clock = Seconds;
  Progress progress(std::cout, algorithm.iteration(), algorithm.iterations(), options);
  absl::StatusOr<RunEnd> end = RunTraining(algorithm, validation, folder, settings.schedule, should_stop, progress,
                                           communicator, *meter, *power);
  return {std::move(end), signal.received()};
}

absl::StatusOr<int> RunToEnd(const RunFolder& folder, const TrainingSettings& settings, Algorithm& algorithm,
                             torch::Device device, Communicator& communicator) {
  const Outcome outcome = RunUntilStopped(folder, settings, algorithm, device, communicator);
  if (!outcome.end.ok()) return outcome.end.status();
  // The signal may have come to another process.
  const int signal = outcome.signal == 0 ? SIGTERM : outcome.signal;
  if (communicator.rank() > 0) return *outcome.end == RunEnd::kStopped ? kSignalBase + signal : kDone;
  if (*outcome.end == RunEnd::kStopped) {
    std::cout << "stopped after iteration " << algorithm.iteration()
              << "; continue with: giot-trainer train --resume --run_dir=" << folder.root.string() << std::endl;
    return kSignalBase + signal;
  }
  if (*outcome.end == RunEnd::kPlateau) {
    std::cout << "ended early after iteration " << algorithm.iteration() << ": "
              << settings.schedule.early_stop.patience << " validations without a gain of validation_mean above "
              << settings.schedule.early_stop.gain << '\n';
  }
  if (absl::Status status = WriteFinalBundle(folder, settings, algorithm); !status.ok()) return status;
  return kDone;
}

// Meets the other processes of the run, if there are any.
absl::StatusOr<std::unique_ptr<Communicator>> Meet(const ClusterEnvironment& cluster, torch::Device device) {
  FlagRange check;
  check.Within("cluster_timeout", absl::GetFlag(FLAGS_cluster_timeout), 0.1, 86400);
  if (!check.status().ok()) return check.status();
  return Connect(cluster, device, absl::Seconds(absl::GetFlag(FLAGS_cluster_timeout)));
}

// One process makes the run's folder while the others wait.
absl::Status StartRunTogether(const RunFolder& folder, Communicator& communicator) {
  const absl::Status started = communicator.rank() == 0 ? StartRun(folder) : absl::OkStatus();
  const absl::StatusOr<bool> failed = communicator.Any(!started.ok());
  if (!started.ok()) return started;
  if (!failed.ok()) return failed.status();
  return *failed ? absl::AbortedError("rank 0 could not start the run") : absl::OkStatus();
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
  if (absl::Status status = CheckExportFlags(*settings); !status.ok()) return status;
  if (absl::Status status = PowerModelFromFlags().status(); !status.ok()) return status;
  if (settings->deterministic) UseDeterministicKernels();
  const absl::StatusOr<ClusterEnvironment> cluster =
      ReadClusterEnvironment([](const char* name) { return std::getenv(name); });
  if (!cluster.ok()) return cluster.status();
  const absl::StatusOr<torch::Device> device = DeviceFromFlags(cluster->local_rank);
  if (!device.ok()) return device.status();
  const absl::StatusOr<std::unique_ptr<Communicator>> communicator = Meet(*cluster, *device);
  if (!communicator.ok()) return communicator.status();
  if ((*communicator)->size() > 1 && settings->schedule.early_stop.patience > 0) {
    return absl::InvalidArgumentError("--early_stop: wants a run of one process");
  }
  if (!resume) {
    if (absl::Status status = StartRunTogether(*folder, **communicator); !status.ok()) return status;
  }
  const absl::StatusOr<std::unique_ptr<Algorithm>> algorithm = MakeAlgorithm(*settings, *device, **communicator);
  if (!algorithm.ok()) return algorithm.status();
  if (resume) {
    if (absl::Status status = Continue(*folder, **algorithm, *device); !status.ok()) return status;
  }
  // Nobody overwrites what another still reads.
  if (absl::Status status = (*communicator)->Barrier(); !status.ok()) return status;
  if ((*communicator)->rank() > 0) return RunToEnd(*folder, *settings, **algorithm, *device, **communicator);
  std::cout << "run " << folder->root.string() << ": iteration " << (*algorithm)->iteration() << " of "
            << (*algorithm)->iterations() << " on " << device->str();
  if ((*communicator)->size() > 1) std::cout << ", " << (*communicator)->size() << " processes";
  std::cout << std::endl;
  return RunToEnd(*folder, *settings, **algorithm, *device, **communicator);
}

}  // namespace giot::trainer
