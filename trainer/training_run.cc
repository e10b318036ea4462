#include "trainer/training_run.h"

#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "trainer/checkpoint.h"
#include "trainer/logging/metrics_log.h"
#include "trainer/logging/tensorboard_writer.h"
#include "trainer/run_summary.h"

namespace giot::trainer {
namespace {

constexpr char kPlateauFigure[] = "validation_mean";

bool IsValidation(const Scalar& scalar) { return scalar.name.rfind("validation_", 0) == 0; }

// Asking makes every process wait for the slowest once more, which a step of some
// milliseconds feels.
constexpr std::int64_t kStepsBetweenQuestions = 8;

// Whether any process wants to stop; asked by all of them before the same steps.
absl::StatusOr<bool> AnyShouldStop(const Algorithm& algorithm, Communicator& communicator,
                                   const std::function<bool()>& should_stop) {
  if (communicator.size() > 1 && algorithm.iteration() % kStepsBetweenQuestions != 0) return false;
  return communicator.Any(should_stop());
}

absl::Status WithLastGood(const absl::Status& status, const CheckpointStore& checkpoints) {
  const std::optional<std::int64_t> newest = checkpoints.Newest();
  const std::string last_good = newest
                                    ? absl::StrCat("the last good checkpoint is ", checkpoints.PathOf(*newest).string())
                                    : std::string("there is no checkpoint yet");
  return absl::Status(status.code(), absl::StrCat(status.message(), "; ", last_good));
}

class Run {
 public:
  Run(Algorithm& algorithm, const Validation& validation, const RunSchedule& schedule, CheckpointStore checkpoints,
      MetricsLog metrics, TensorboardWriter tensorboard, Progress& progress, Communicator& communicator,
      std::filesystem::path summary, const CostMeter& meter, const PowerModel& power)
      : algorithm_(algorithm),
        validation_(validation),
        schedule_(schedule),
        checkpoints_(std::move(checkpoints)),
        metrics_(std::move(metrics)),
        tensorboard_(std::move(tensorboard)),
        progress_(progress),
        communicator_(communicator),
        plateau_(schedule.early_stop),
        summary_path_(std::move(summary)),
        meter_(meter) {
    summary_.power = power;
  }

  // What the run saw before it was resumed.
  void Replay(const std::vector<MetricsRow>& rows) {
    for (const MetricsRow& row : rows) Remember(row.scalars);
  }

  absl::StatusOr<RunEnd> Execute(const std::function<bool()>& should_stop) {
    while (!plateau_.reached() && algorithm_.iteration() < algorithm_.iterations()) {
      const absl::StatusOr<bool> stop = AnyShouldStop(algorithm_, communicator_, should_stop);
      if (!stop.ok()) return WithLastGood(stop.status(), checkpoints_);
      if (absl::Status status = Step(*stop); !status.ok()) return status;
      if (*stop && !plateau_.reached() && algorithm_.iteration() < algorithm_.iterations()) {
        return Ended(RunEnd::kStopped, "stopped");
      }
    }
    return plateau_.reached() ? Ended(RunEnd::kPlateau, "plateau") : Ended(RunEnd::kCompleted, "completed");
  }

 private:
  absl::Status Step(bool stop) {
    const std::int64_t next = algorithm_.iteration() + 1;
    const bool last = next == algorithm_.iterations();
    const bool log = last || next % schedule_.log_every == 0;
    const bool validate = last || next % schedule_.validate_every == 0;
    const bool save = last || stop || next % schedule_.checkpoint_every == 0;

    // A step that wants metrics is checked to be finite: what is saved is sound.
    absl::StatusOr<Scalars> scalars =
        algorithm_.Step(/*want_metrics=*/log || save || (validate && schedule_.early_stop.patience > 0));
    if (!scalars.ok()) return WithLastGood(scalars.status(), checkpoints_);
    if (!log) scalars->clear();
    if (validate) {
      const Scalars measured = validation_.Measure(algorithm_);
      scalars->insert(scalars->end(), measured.begin(), measured.end());
      Remember(measured);
    }
    if (absl::Status status = Log(next, *scalars); !status.ok()) return status;
    progress_.Report(next, *scalars);
    return save || plateau_.reached() ? Save() : absl::OkStatus();
  }

  absl::Status Log(std::int64_t iteration, const Scalars& scalars) {
    if (scalars.empty()) return absl::OkStatus();
    if (absl::Status status = metrics_.Write({iteration, scalars}); !status.ok()) return status;
    return tensorboard_.Write(iteration, scalars);
  }

  // Metrics first: a checkpoint never knows of iterations that they do not.
  absl::Status Save() {
    if (absl::Status status = metrics_.Sync(); !status.ok()) return status;
    if (absl::Status status = checkpoints_.Save(algorithm_); !status.ok()) return status;
    return Summarise("running");
  }

  void Remember(const Scalars& scalars) {
    Scalars validation;
    for (const Scalar& scalar : scalars) {
      if (scalar.name == kPlateauFigure) plateau_.Observe(scalar.value);
      if (IsValidation(scalar)) validation.push_back(scalar);
    }
    if (!validation.empty()) summary_.validation = std::move(validation);
  }

  absl::Status Summarise(const char* state) {
    summary_.state = state;
    summary_.iteration = algorithm_.iteration();
    summary_.cost = meter_.Read();
    return WriteRunSummary(summary_path_, summary_);
  }

  absl::StatusOr<RunEnd> Ended(RunEnd end, const char* state) {
    if (absl::Status status = Summarise(state); !status.ok()) return status;
    return end;
  }

  Algorithm& algorithm_;
  const Validation& validation_;
  const RunSchedule& schedule_;
  CheckpointStore checkpoints_;
  MetricsLog metrics_;
  TensorboardWriter tensorboard_;
  Progress& progress_;
  Communicator& communicator_;
  Plateau plateau_;
  std::filesystem::path summary_path_;
  const CostMeter& meter_;
  RunSummary summary_;
};

}  // namespace

absl::StatusOr<RunEnd> RunTraining(Algorithm& algorithm, const Validation& validation, const RunFolder& folder,
                                   const RunSchedule& schedule, const std::function<bool()>& should_stop,
                                   Progress& progress, Communicator& communicator, const CostMeter& meter,
                                   const PowerModel& power) {
  absl::StatusOr<MetricsLog> metrics = MetricsLog::Open(folder.metrics(), algorithm.iteration());
  if (!metrics.ok()) return metrics.status();
  const absl::StatusOr<std::vector<MetricsRow>> before = ReadMetrics(folder.metrics());
  if (!before.ok()) return before.status();
  absl::StatusOr<TensorboardWriter> tensorboard = TensorboardWriter::Open(folder.tensorboard(), algorithm.iteration());
  if (!tensorboard.ok()) return tensorboard.status();
  Run run(algorithm, validation, schedule, CheckpointStore(folder.checkpoints(), schedule.keep_checkpoints),
          *std::move(metrics), *std::move(tensorboard), progress, communicator, folder.summary(), meter, power);
  run.Replay(*before);
  absl::StatusOr<RunEnd> end = run.Execute(should_stop);
  progress.Finish();
  return end;
}

absl::StatusOr<RunEnd> FollowTraining(Algorithm& algorithm, const std::function<bool()>& should_stop,
                                      Communicator& communicator) {
  while (algorithm.iteration() < algorithm.iterations()) {
    const absl::StatusOr<bool> stop = AnyShouldStop(algorithm, communicator, should_stop);
    if (!stop.ok()) return stop.status();
    const absl::StatusOr<Scalars> scalars = algorithm.Step(/*want_metrics=*/false);
    if (!scalars.ok()) return scalars.status();
    if (*stop && algorithm.iteration() < algorithm.iterations()) return RunEnd::kStopped;
  }
  return RunEnd::kCompleted;
}

}  // namespace giot::trainer
