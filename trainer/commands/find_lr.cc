#include <iostream>
#include <memory>

#include "absl/flags/flag.h"
#include "absl/strings/str_format.h"
#include "trainer/commands/algorithm_factory.h"
#include "trainer/commands/commands.h"
#include "trainer/commands/exit_codes.h"
#include "trainer/commands/flag_range.h"
#include "trainer/commands/training_flags.h"
#include "trainer/distributed/single_process.h"
#include "trainer/learning/rate_range.h"

ABSL_FLAG(double, lr_first, 1e-5, "find-lr: rate of the first step");
ABSL_FLAG(double, lr_last, 1.0, "find-lr: rate of the last step");
ABSL_FLAG(std::int64_t, lr_steps, 300, "find-lr: steps of the range test");

namespace giot::trainer {
namespace {

constexpr std::size_t kRows = 25;

absl::Status CheckRangeFlags() {
  FlagRange check;
  check.Within("lr_first", absl::GetFlag(FLAGS_lr_first), 1e-12, 1e9);
  check.Within("lr_last", absl::GetFlag(FLAGS_lr_last), absl::GetFlag(FLAGS_lr_first), 1e9);
  check.Within("lr_steps", static_cast<double>(absl::GetFlag(FLAGS_lr_steps)), 2, 1e9);
  return check.status();
}

void Print(const RateRange& range) {
  std::cout << absl::StrFormat("%12s %12s %12s\n", "lr", "loss", "smoothed");
  const std::size_t every = (range.samples.size() + kRows - 1) / kRows;
  for (std::size_t i = every - 1; i < range.samples.size(); i += every) {
    const RateSample& sample = range.samples[i];
    std::cout << absl::StrFormat("%12.3g %12.5f %12.5f\n", sample.rate, sample.loss, sample.smoothed);
  }
  std::cout << absl::StrFormat("--lr=%.2g\n", range.suggestion);
}

}  // namespace

absl::StatusOr<int> FindLearningRate() {
  absl::StatusOr<TrainingSettings> settings = TrainingSettingsFromFlags();
  if (!settings.ok()) return settings.status();
  if (absl::Status status = CheckRangeFlags(); !status.ok()) return status;
  settings->optimization.first_rate = absl::GetFlag(FLAGS_lr_first);
  settings->optimization.learning_rate = absl::GetFlag(FLAGS_lr_last);
  settings->optimization.iterations = absl::GetFlag(FLAGS_lr_steps);
  const absl::StatusOr<torch::Device> device = DeviceFromFlags(/*local_rank=*/0);
  if (!device.ok()) return device.status();
  const std::unique_ptr<Communicator> alone = MakeSingleProcess();
  const absl::StatusOr<std::unique_ptr<Algorithm>> algorithm = MakeAlgorithm(*settings, *device, *alone);
  if (!algorithm.ok()) return algorithm.status();
  const absl::StatusOr<RateRange> range = TestRates(**algorithm);
  if (!range.ok()) return range.status();
  Print(*range);
  return kDone;
}

}  // namespace giot::trainer
