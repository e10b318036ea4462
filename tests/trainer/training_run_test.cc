#include "trainer/training_run.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "models/screening/tensors/environment.h"
#include "tests/trainer/scripted_algorithm.h"
#include "tests/trainer/test_folder.h"
#include "trainer/checkpoint.h"
#include "trainer/distributed/single_process.h"
#include "trainer/learning/pathwise.h"
#include "trainer/logging/metrics_log.h"

namespace giot::trainer {
namespace {

constexpr RunSchedule kSchedule{
    .log_every = 3, .validate_every = 6, .checkpoint_every = 10, .keep_checkpoints = 2, .early_stop = {}};

const Validation& SmallValidation() {
  static const auto* const validation = new Validation(*screening::MakeEnvironment(), 20, 5, torch::kCPU);
  return *validation;
}

// Runs until done, or until `stop_after` steps of this process.
absl::StatusOr<RunEnd> RunFor(Algorithm& algorithm, const RunFolder& folder, std::int64_t stop_after = 1 << 30) {
  std::ostringstream out;
  Progress::Options options;
  options.clock = [] { return 0.0; };
  Progress progress(out, algorithm.iteration(), algorithm.iterations(), options);
  const std::int64_t stop_at = algorithm.iteration() + stop_after - 1;
  const std::unique_ptr<Communicator> alone = MakeSingleProcess();
  return RunTraining(algorithm, SmallValidation(), folder, kSchedule, [&] { return algorithm.iteration() >= stop_at; },
                     progress, *alone, CostMeter({}, ProcessClocks()), {});
}

absl::Status Restore(Algorithm& algorithm, const RunFolder& folder) {
  return CheckpointStore(folder.checkpoints(), 1).LoadNewest(algorithm, torch::kCPU);
}

RunFolder NewRun(const std::string& name) {
  const std::filesystem::path root = TestFolder().parent_path() / name;
  std::filesystem::remove_all(root);
  std::filesystem::create_directories(root);
  return {root};
}

std::vector<MetricsRow> Logged(const RunFolder& folder) {
  absl::StatusOr<std::vector<MetricsRow>> rows = ReadMetrics(folder.metrics());
  EXPECT_TRUE(rows.ok()) << rows.status();
  return rows.value_or(std::vector<MetricsRow>());
}

std::vector<std::int64_t> LoggedIterations(const RunFolder& folder) {
  std::vector<std::int64_t> iterations;
  const std::vector<MetricsRow> rows = Logged(folder);
  for (const MetricsRow& row : rows) iterations.push_back(row.iteration);
  return iterations;
}

TEST(TrainingRun, LogsValidatesAndSavesAsScheduled) {
  const RunFolder folder = NewRun("scheduled");
  ScriptedAlgorithm algorithm(20);
  const absl::StatusOr<RunEnd> end = RunFor(algorithm, folder);
  ASSERT_TRUE(end.ok()) << end.status();
  EXPECT_EQ(*end, RunEnd::kCompleted);
  EXPECT_EQ(LoggedIterations(folder), (std::vector<std::int64_t>{3, 6, 9, 12, 15, 18, 20}));
  const std::vector<MetricsRow> rows = Logged(folder);
  ASSERT_EQ(rows.size(), 7u);
  EXPECT_EQ(rows[0].scalars.size(), 1u);  // state
  EXPECT_EQ(rows[1].scalars.size(), 5u);  // and four of the validation
  EXPECT_EQ(rows.back().scalars.size(), 5u);
  const CheckpointStore checkpoints(folder.checkpoints(), 2);
  EXPECT_EQ(checkpoints.Newest(), 20);
  EXPECT_TRUE(std::filesystem::exists(checkpoints.PathOf(10)));
}

TEST(TrainingRun, WantsMetricsOnlyWhereTheyAreLoggedOrSaved) {
  ScriptedAlgorithm algorithm(11);
  ASSERT_TRUE(RunFor(algorithm, NewRun("wanted")).ok());
  EXPECT_EQ(algorithm.wanted(), (std::vector<std::int64_t>{3, 6, 9, 10, 11}));
}

TEST(TrainingRun, AStopFinishesTheStepAndSaves) {
  const RunFolder folder = NewRun("stopped");
  ScriptedAlgorithm algorithm(20), restored(20);
  const absl::StatusOr<RunEnd> end = RunFor(algorithm, folder, 4);
  ASSERT_TRUE(end.ok()) << end.status();
  EXPECT_EQ(*end, RunEnd::kStopped);
  ASSERT_TRUE(Restore(restored, folder).ok());
  EXPECT_EQ(restored.iteration(), 4);
  EXPECT_EQ(restored.state(), algorithm.state());
}

TEST(TrainingRun, StoppedAndResumedWritesTheSameMetricsAsUninterrupted) {
  const RunFolder whole = NewRun("whole");
  ScriptedAlgorithm uninterrupted(40);
  ASSERT_TRUE(RunFor(uninterrupted, whole).ok());

  const RunFolder parts = NewRun("parts");
  double state = 0.0;
  for (int part = 0; part < 6; ++part) {
    ScriptedAlgorithm algorithm(40);
    if (part > 0) {
      const absl::Status restored = Restore(algorithm, parts);
      ASSERT_TRUE(restored.ok()) << restored;
    }
    ASSERT_TRUE(RunFor(algorithm, parts, 7).ok());
    state = algorithm.state();
  }
  EXPECT_EQ(state, uninterrupted.state());
  EXPECT_EQ(ReadAll(parts.metrics()), ReadAll(whole.metrics()));
}

TEST(TrainingRun, ResumedFromAnOlderCheckpointDoesNotLogTwice) {
  const RunFolder whole = NewRun("whole_again");
  ScriptedAlgorithm uninterrupted(30);
  ASSERT_TRUE(RunFor(uninterrupted, whole).ok());

  // As after a crash: metrics reach to 19, the newest checkpoint to 10.
  const RunFolder crashed = NewRun("crashed");
  ScriptedAlgorithm first(30);
  ASSERT_TRUE(RunFor(first, crashed, 19).ok());
  std::filesystem::remove(CheckpointStore(crashed.checkpoints(), 2).PathOf(19));
  ScriptedAlgorithm second(30);
  ASSERT_TRUE(Restore(second, crashed).ok());
  ASSERT_EQ(second.iteration(), 10);
  ASSERT_TRUE(RunFor(second, crashed).ok());
  EXPECT_EQ(ReadAll(crashed.metrics()), ReadAll(whole.metrics()));
}

TEST(TrainingRun, DivergenceIsReportedAndNotSaved) {
  const RunFolder folder = NewRun("diverged");
  ScriptedAlgorithm algorithm(40, /*diverges_at=*/14);
  const absl::StatusOr<RunEnd> end = RunFor(algorithm, folder);
  EXPECT_EQ(end.status().code(), absl::StatusCode::kOutOfRange);
  EXPECT_NE(end.status().message().find("00000010.pt"), std::string::npos);
  EXPECT_EQ(CheckpointStore(folder.checkpoints(), 2).Newest(), 10);
  EXPECT_EQ(LoggedIterations(folder).back(), 12);
}

// The true algorithm, small.

PathwiseConfig SmallPathwise() {
  PathwiseConfig config;
  config.policy.hidden = 8;
  config.policy.steps = 2;
  config.optimization.iterations = 12;
  config.optimization.batch = 8;
  config.optimization.warmup = 3;
  return config;
}

std::unique_ptr<Algorithm> MakePathwise(const PathwiseConfig& config) {
  return std::make_unique<PathwiseTrainer>(config, screening::MakeEnvironment(), torch::kCPU);
}

std::string Bytes(const policy::DiffusionPolicy& policy) {
  std::string bytes;
  for (const torch::Tensor& parameter : policy->parameters()) {
    const torch::Tensor dense = parameter.contiguous();
    bytes.append(static_cast<const char*>(dense.data_ptr()), dense.nbytes());
  }
  return bytes;
}

TEST(TrainingRun, APathwiseRunResumedEndsBitForBitAsUninterrupted) {
  const RunFolder whole = NewRun("pathwise_whole");
  const std::unique_ptr<Algorithm> uninterrupted = MakePathwise(SmallPathwise());
  ASSERT_TRUE(RunFor(*uninterrupted, whole).ok());

  const RunFolder parts = NewRun("pathwise_parts");
  std::string weights;
  for (int part = 0; part < 3; ++part) {
    const std::unique_ptr<Algorithm> algorithm = MakePathwise(SmallPathwise());
    if (part > 0) {
      const absl::Status restored = Restore(*algorithm, parts);
      ASSERT_TRUE(restored.ok()) << restored;
    }
    ASSERT_TRUE(RunFor(*algorithm, parts, 5).ok());
    weights = Bytes(algorithm->policy());
  }
  EXPECT_EQ(weights, Bytes(uninterrupted->policy()));
  EXPECT_EQ(ReadAll(parts.metrics()), ReadAll(whole.metrics()));
}

TEST(TrainingRun, ACheckpointOfOtherSettingsIsRefused) {
  const RunFolder folder = NewRun("pathwise_other");
  const std::unique_ptr<Algorithm> saved = MakePathwise(SmallPathwise());
  ASSERT_TRUE(RunFor(*saved, folder, 2).ok());
  PathwiseConfig other = SmallPathwise();
  other.optimization.batch = 16;
  const std::unique_ptr<Algorithm> algorithm = MakePathwise(other);
  EXPECT_EQ(Restore(*algorithm, folder).code(), absl::StatusCode::kInvalidArgument);
}

TEST(TrainingRun, ALearningRateBeyondReasonStopsWithADiagnosis) {
  PathwiseConfig config = SmallPathwise();
  config.optimization.iterations = 200;
  config.optimization.learning_rate = 1e30;
  config.optimization.warmup = 0;
  const std::unique_ptr<Algorithm> algorithm = MakePathwise(config);
  const absl::StatusOr<RunEnd> end = RunFor(*algorithm, NewRun("pathwise_diverged"));
  EXPECT_EQ(end.status().code(), absl::StatusCode::kOutOfRange);
}

}  // namespace
}  // namespace giot::trainer
