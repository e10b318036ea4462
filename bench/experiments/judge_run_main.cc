// What a run's newest checkpoint is worth on held-out markets, whatever its algorithm.
//
//   judge_run --run_dir=runs/uncertain --samples=1,4,16 --references=bench/anytime/references
//
// Prints one JSON object. `shares` has, for each number N of samples, the utility of the best
// of N answers as a share of the reference, a number a market; `feasible` whether the best of
// all samples is a feasible menu; `reference` what the share is of: the optimum for the screening
// markets, the best utility known for the others. `inference_us` is the CPU time of one
// answer for one market by LibTorch as it was trained, without decoding it: the median.

#include <algorithm>
#include <cmath>
#include <ctime>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "bench/anytime/reference_table.h"
#include "models/policy/noise.h"
#include "models/policy/runtime.h"
#include "trainer/checkpoint.h"
#include "trainer/commands/algorithm_factory.h"
#include "trainer/commands/training_flags.h"
#include "trainer/distributed/single_process.h"
#include "trainer/retained_memory.h"
#include "trainer/training_run.h"

ABSL_FLAG(std::string, run_dir, "", "folder of the run");
ABSL_FLAG(std::vector<std::string>, samples, {"1"}, "the best of how many answers, ascending");
ABSL_FLAG(int, held_out, 1000, "markets");
ABSL_FLAG(std::string, references, "bench/anytime/references", "folder of the best known utilities");

namespace giot::bench {
namespace {

using trainer::Algorithm;

// Of the held-out markets: not those of training or of a release. Those of the families
// without a closed form are the markets of HeldOutMarkets, which have references.
constexpr std::uint64_t kScreeningSeed = 20250805;
constexpr std::uint64_t kUncertainSeed = 20'250'801;
constexpr std::uint64_t kFreshnessSeed = 20'250'802;
constexpr std::uint64_t kNoiseSeed = 20250806;
constexpr std::int64_t kTimedAnswers = 100;

// Held-out markets, and the utility of each that counts as 1.
struct Exam {
  std::unique_ptr<policy::HeldOutMarkets> markets;
  std::vector<double> references;
  std::string reference_name;
};

// Replaces bounds by what is known; the bounds tell whether these are the markets meant.
absl::Status UseBestKnown(const std::string& family, Exam& exam) {
  const std::filesystem::path path = std::filesystem::path(absl::GetFlag(FLAGS_references)) / (family + ".csv");
  const absl::StatusOr<std::vector<Reference>> known = ReadReferences(path);
  if (!known.ok()) return known.status();
  if (known->size() < exam.references.size()) {
    return absl::InvalidArgumentError(absl::StrCat("--held_out: want at most ", known->size()));
  }
  for (std::size_t i = 0; i < exam.references.size(); ++i) {
    const double bound = (*known)[i].upper_bound;
    if (std::abs(exam.references[i] - bound) > 1e-9 * bound) {
      return absl::FailedPreconditionError(absl::StrCat(path.string(), ": line ", i, " is about another market"));
    }
    exam.references[i] = (*known)[i].best_known;
  }
  exam.reference_name = "best known";
  return absl::OkStatus();
}

absl::StatusOr<Exam> MakeExam(const policy::Environment& environment) {
  const std::string family = environment.name();
  const bool solved = family != "uncertain" && family != "freshness";
  const std::uint64_t seed = solved ? kScreeningSeed : family == "uncertain" ? kUncertainSeed : kFreshnessSeed;
  Exam exam{environment.HeldOut(absl::GetFlag(FLAGS_held_out), seed), {}, "optimum"};
  for (std::int64_t i = 0; i < exam.markets->batch().size(); ++i) {
    exam.references.push_back(exam.markets->Reference(i));
  }
  if (solved) return exam;
  if (absl::Status status = UseBestKnown(family, exam); !status.ok()) return status;
  return exam;
}

torch::Tensor Answer(const Algorithm& algorithm, const policy::MarketBatch& markets, std::uint64_t sample,
                     std::int64_t width) {
  torch::Tensor noise = torch::empty({markets.size(), algorithm.noise_steps(), width}, torch::kFloat32);
  policy::FillGaussian(kNoiseSeed, sample, {noise.data_ptr<float>(), static_cast<std::size_t>(noise.numel())});
  return algorithm.Answer(markets, noise).to(torch::kFloat64).contiguous();
}

double CpuMicroseconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return 1e6 * static_cast<double>(now.tv_sec) + 1e-3 * static_cast<double>(now.tv_nsec);
}

double MedianAnswerTime(const Algorithm& algorithm, const policy::MarketBatch& markets, std::int64_t width) {
  std::vector<double> times;
  for (std::int64_t i = 0; i < std::min(kTimedAnswers, markets.size()); ++i) {
    const policy::MarketBatch one = policy::Narrow(markets, i, 1);
    const double start = CpuMicroseconds();
    Answer(algorithm, one, 0, width);
    times.push_back(CpuMicroseconds() - start);
  }
  const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
  std::nth_element(times.begin(), middle, times.end());
  return *middle;
}

// The best answers so far, a number a market.
struct Best {
  std::vector<double> shares;
  std::vector<int> feasible;
};

void Improve(const Exam& exam, const torch::Tensor& levels, Best& best) {
  const auto width = static_cast<std::size_t>(levels.size(1));
  const bool first = best.shares.empty();
  best.shares.resize(exam.references.size());
  best.feasible.resize(exam.references.size());
  for (std::size_t i = 0; i < exam.references.size(); ++i) {
    const policy::Judgement judgement =
        exam.markets->Judge(static_cast<std::int64_t>(i), {levels.data_ptr<double>() + i * width, width});
    const double share = judgement.utility / exam.references[i];
    if (!first && share <= best.shares[i]) continue;
    best.shares[i] = share;
    best.feasible[i] = judgement.feasible ? 1 : 0;
  }
}

std::string Numbers(absl::Span<const double> numbers) {
  return absl::StrJoin(numbers, ",",
                       [](std::string* out, double number) { absl::StrAppendFormat(out, "%.7g", number); });
}

absl::StatusOr<std::vector<int>> SamplesFromFlags() {
  std::vector<int> samples;
  for (const std::string& text : absl::GetFlag(FLAGS_samples)) {
    int number = 0;
    if (!absl::SimpleAtoi(text, &number) || number <= (samples.empty() ? 0 : samples.back())) {
      return absl::InvalidArgumentError("--samples: want positive integers, ascending");
    }
    samples.push_back(number);
  }
  return samples;
}

void Print(const trainer::TrainingSettings& settings, const Algorithm& algorithm, const Exam& exam,
           absl::Span<const int> samples) {
  const policy::MarketBatch& markets = exam.markets->batch();
  const std::int64_t width = settings.environment->shape().channels * markets.types();
  std::string shares;
  Best best;
  int taken = 0;
  for (const int wanted : samples) {
    for (; taken < wanted; ++taken) {
      Improve(exam, Answer(algorithm, markets, static_cast<std::uint64_t>(taken), width), best);
    }
    absl::StrAppend(&shares, shares.empty() ? "" : ",", "\"", wanted, "\":[", Numbers(best.shares), "]");
  }
  std::cout << absl::StrFormat(R"({"market":"%s","iteration":%d,"reference":"%s","inference_us":%.1f,)",
                               settings.environment->name(), algorithm.iteration(), exam.reference_name,
                               MedianAnswerTime(algorithm, markets, width))
            << R"("feasible":[)" << absl::StrJoin(best.feasible, ",") << R"(],"shares":{)" << shares << "}}\n";
}

absl::Status Run() {
  const trainer::RunFolder folder{absl::GetFlag(FLAGS_run_dir)};
  if (absl::Status status = trainer::ReadTrainingFlags(folder.config()); !status.ok()) return status;
  const absl::StatusOr<trainer::TrainingSettings> settings = trainer::TrainingSettingsFromFlags();
  if (!settings.ok()) return settings.status();
  const absl::StatusOr<std::vector<int>> samples = SamplesFromFlags();
  if (!samples.ok()) return samples.status();
  const std::unique_ptr<trainer::Communicator> alone = trainer::MakeSingleProcess();
  const absl::StatusOr<std::unique_ptr<Algorithm>> algorithm = trainer::MakeAlgorithm(*settings, torch::kCPU, *alone);
  if (!algorithm.ok()) return algorithm.status();
  const trainer::CheckpointStore checkpoints(folder.checkpoints(), 1);
  if (absl::Status status = checkpoints.LoadNewest(**algorithm, torch::kCPU); !status.ok()) return status;
  const absl::StatusOr<Exam> exam = MakeExam(*settings->environment);
  if (!exam.ok()) return exam.status();
  Print(*settings, **algorithm, *exam, *samples);
  return absl::OkStatus();
}

}  // namespace
}  // namespace giot::bench

int main(int argc, char** argv) {
  absl::SetProgramUsageMessage("judge_run --run_dir=DIR --samples=1,4,16");
  absl::ParseCommandLine(argc, argv);
  giot::trainer::RetainFreedMemory();
  giot::policy::SetComputeThreads(1);
  const absl::Status status = giot::bench::Run();
  if (!status.ok()) std::cerr << status << '\n';
  return status.ok() ? 0 : 1;
}
