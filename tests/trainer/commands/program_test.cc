#include <arpa/inet.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/trainer/test_folder.h"

namespace giot::trainer {
namespace {

using testing::HasSubstr;

// giot-trainer as a child process whose output, both streams, can be read.
class Trainer {
 public:
  // `environment` holds NAME=value.
  explicit Trainer(std::vector<std::string> arguments, std::vector<std::string> environment = {}) {
    arguments.insert(arguments.begin(), std::getenv("GIOT_TRAINER"));
    int ends[2];
    EXPECT_EQ(pipe2(ends, O_CLOEXEC), 0);
    std::vector<char*> pointers;
    for (std::string& argument : arguments) pointers.push_back(argument.data());
    pointers.push_back(nullptr);
    child_ = fork();
    if (child_ == 0) {
      dup2(ends[1], STDOUT_FILENO);
      dup2(ends[1], STDERR_FILENO);
      for (std::string& variable : environment) putenv(variable.data());
      execv(pointers[0], pointers.data());
      _exit(99);
    }
    close(ends[1]);
    output_ = fdopen(ends[0], "r");
  }
  ~Trainer() { std::fclose(output_); }

  // The next line of output, empty at its end.
  std::string ReadLine() {
    std::string line;
    for (int c = std::fgetc(output_); c != EOF && c != '\n'; c = std::fgetc(output_))
      line.push_back(static_cast<char>(c));
    return line;
  }

  void Signal(int number) { kill(child_, number); }

  // Reads the rest of the output and waits for the end; returns the exit code.
  int Finish() {
    for (int c = std::fgetc(output_); c != EOF; c = std::fgetc(output_)) rest_.push_back(static_cast<char>(c));
    int status = 0;
    EXPECT_EQ(waitpid(child_, &status, 0), child_);
    EXPECT_TRUE(WIFEXITED(status)) << rest_;
    return WEXITSTATUS(status);
  }
  const std::string& rest() const { return rest_; }

 private:
  pid_t child_ = -1;
  FILE* output_ = nullptr;
  std::string rest_;
};

struct Ended {
  int code;
  std::string output;
};

Ended RunTrainer(std::vector<std::string> arguments) {
  Trainer trainer(std::move(arguments));
  const int code = trainer.Finish();
  return {code, trainer.rest()};
}

std::string Smoke() { return absl::StrCat("--flagfile=", std::getenv("GIOT_CONFIGS"), "/smoke.flags"); }

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;  // Their shadow takes more addresses than any limit leaves.
#else
constexpr bool kSanitized = false;
#endif

// Of this process and of those that it starts, while alive: memory then runs out at once, whatever the machine has.
class AddressSpaceLimit {
 public:
  explicit AddressSpaceLimit(std::size_t bytes) {
    getrlimit(RLIMIT_AS, &before_);
    const rlimit limited = {std::min<rlim_t>(bytes, before_.rlim_max), before_.rlim_max};
    if (!kSanitized) setrlimit(RLIMIT_AS, &limited);
  }
  ~AddressSpaceLimit() { setrlimit(RLIMIT_AS, &before_); }
  AddressSpaceLimit(const AddressSpaceLimit&) = delete;
  AddressSpaceLimit& operator=(const AddressSpaceLimit&) = delete;

 private:
  rlimit before_{};
};

class TrainerProgramTest : public testing::Test {
 protected:
  std::string RunDir(const std::string& name) const { return "--run_dir=" + (scratch_ / name).string(); }
  std::string Bundle(const std::string& run, const std::string& family = "screening") const {
    return (scratch_ / run / "bundle" / family / "1").string();
  }

  const std::filesystem::path scratch_ = TestFolder();
};

TEST_F(TrainerProgramTest, VersionNamesWhatItIsBuiltFrom) {
  const Ended ended = RunTrainer({"--version"});
  EXPECT_EQ(ended.code, 0);
  EXPECT_THAT(ended.output, testing::AllOf(HasSubstr("giot-trainer "), HasSubstr("commit "), HasSubstr("LibTorch ")));
}

TEST_F(TrainerProgramTest, ACommandLineThatMakesNoSenseFailsAndSaysWhy) {
  EXPECT_EQ(RunTrainer({}).code, 1);
  EXPECT_EQ(RunTrainer({"fly"}).code, 1);
  const Ended batch = RunTrainer({"train", RunDir("a"), "--batch=0"});
  EXPECT_EQ(batch.code, 1);
  EXPECT_THAT(batch.output, HasSubstr("--batch: got 0"));
  const Ended markets = RunTrainer({"train", RunDir("a"), "--types_min=1"});
  EXPECT_THAT(markets.output, HasSubstr("--types_min"));
  EXPECT_FALSE(std::filesystem::exists(scratch_ / "a"));
}

TEST_F(TrainerProgramTest, TrainEvaluateExportAndGateWorkTogether) {
  const Ended trained = RunTrainer({"train", RunDir("run"), Smoke()});
  ASSERT_EQ(trained.code, 0) << trained.output;
  EXPECT_THAT(trained.output, HasSubstr("60/60"));

  const Ended again = RunTrainer({"train", RunDir("run"), Smoke()});
  EXPECT_EQ(again.code, 1);
  EXPECT_THAT(again.output, HasSubstr("--resume"));

  const std::string report = (scratch_ / "report").string();
  const Ended evaluated = RunTrainer({"evaluate", "--bundle=" + Bundle("run"), "--markets=200", "--output=" + report,
                                      "--metrics=" + (scratch_ / "run" / "metrics.jsonl").string()});
  ASSERT_EQ(evaluated.code, 0) << evaluated.output;
  const auto json = nlohmann::json::parse(ReadAll(std::filesystem::path(report) / "evaluation.json"));
  EXPECT_EQ(json["methods"]["policy"]["infeasible"], 0);
  EXPECT_TRUE(std::filesystem::exists(std::filesystem::path(report) / "ratio_histogram.png"));
  EXPECT_TRUE(std::filesystem::exists(std::filesystem::path(report) / "learning_curve.png"));

  const Ended exported = RunTrainer({"export", RunDir("run"), "--model_version=2", "--markets=100",
                                     "--bundle_root=" + (scratch_ / "candidates").string()});
  ASSERT_EQ(exported.code, 0) << exported.output;

  const std::string root = "--release_root=" + (scratch_ / "released").string();
  const Ended refused = RunTrainer({"gate", "--candidate=" + Bundle("run"), root, "--markets=200"});
  EXPECT_EQ(refused.code, 4) << refused.output;
  const std::filesystem::path decision = scratch_ / "run" / "bundle" / "screening" / "gate-decision.json";
  EXPECT_FALSE(nlohmann::json::parse(ReadAll(decision))["promote"]);
  const Ended first =
      RunTrainer({"gate", "--candidate=" + Bundle("run"), root, "--markets=200", "--least_mean=0", "--least_p01=-99"});
  ASSERT_EQ(first.code, 0) << first.output;
  const Ended same = RunTrainer(
      {"gate", "--candidate=" + (scratch_ / "candidates" / "screening" / "2").string(), root, "--markets=200"});
  EXPECT_EQ(same.code, 4) << same.output;
  const auto against = nlohmann::json::parse(ReadAll(scratch_ / "candidates" / "screening" / "gate-decision.json"));
  EXPECT_EQ(against["incumbent"]["version"], 1);
  // The same weights: no gain, and no evidence of one.
  EXPECT_EQ(against["gain"]["mean"], 0.0);
  EXPECT_FALSE(std::filesystem::exists(scratch_ / "released" / "screening" / "2"));
}

TEST_F(TrainerProgramTest, MarketsWithoutAKnownOptimumAreTrainedEvaluatedReleasedAndComparedToo) {
  const std::vector<std::string> few = {"--markets=20", "--reference_evaluations=200"};
  for (const std::string family : {"uncertain", "freshness"}) {
    for (const std::string seed : {"1", "2"}) {
      const Ended trained = RunTrainer({"train", Smoke(), RunDir(family + seed), "--market=" + family, "--seed=" + seed,
                                        "--iterations=20", few[0], few[1]});
      ASSERT_EQ(trained.code, 0) << trained.output;
    }
    const std::string candidate = Bundle(family + "1", family);
    const auto manifest = nlohmann::json::parse(ReadAll(std::filesystem::path(candidate) / "manifest.json"));
    EXPECT_EQ(manifest["family"], family);
    EXPECT_EQ(manifest["metrics"]["infeasible_share"], 0.0);
    EXPECT_EQ(manifest["metrics"]["train_iterations"], 20);
    EXPECT_GT(manifest["metrics"]["train_cpu_seconds"], 0.0);
    EXPECT_THAT(ReadAll(std::filesystem::path(candidate) / "MODEL_CARD.md"),
                testing::AllOf(HasSubstr("--market=" + family), HasSubstr("train_co2_g")));

    const std::string report = (scratch_ / (family + "_report")).string();
    const Ended evaluated = RunTrainer({"evaluate", "--bundle=" + candidate, "--output=" + report, few[0], few[1]});
    ASSERT_EQ(evaluated.code, 0) << evaluated.output;
    const auto json = nlohmann::json::parse(ReadAll(std::filesystem::path(report) / "evaluation.json"));
    EXPECT_EQ(json["methods"]["policy, posted"]["infeasible"], 0);
    EXPECT_EQ(json["methods"]["policy"]["of_best_found"]["mean"], manifest["metrics"]["ratio_best_mean"]);
    EXPECT_TRUE(std::filesystem::exists(std::filesystem::path(report) / "ratio_histogram.png"));

    const std::string root = "--release_root=" + (scratch_ / "released").string();
    const Ended refused = RunTrainer({"gate", "--candidate=" + candidate, root, few[0], few[1]});
    EXPECT_EQ(refused.code, 4) << refused.output;
    const Ended released =
        RunTrainer({"gate", "--candidate=" + candidate, root, few[0], few[1], "--least_mean=0", "--least_p01=-99"});
    ASSERT_EQ(released.code, 0) << released.output;
    ASSERT_EQ(RunTrainer({"export", RunDir(family + "1"), "--model_version=2", few[0], few[1]}).code, 0);
    const std::filesystem::path same = scratch_ / (family + "1") / "bundle" / family / "2";
    EXPECT_EQ(RunTrainer({"gate", "--candidate=" + same.string(), root, few[0], few[1]}).code, 4);
    EXPECT_EQ(nlohmann::json::parse(ReadAll(same.parent_path() / "gate-decision.json"))["gain"]["mean"], 0.0);

    const Ended compared = RunTrainer(
        {"compare", (scratch_ / (family + "1")).string(), (scratch_ / (family + "2")).string(), few[0], few[1]});
    EXPECT_EQ(compared.code, 0) << compared.output;
    EXPECT_THAT(compared.output, testing::AllOf(testing::ContainsRegex("seed +1 +2"), HasSubstr("validation_mean"),
                                                HasSubstr("CO2, g"), HasSubstr("95 % interval")));
  }
}

TEST_F(TrainerProgramTest, ComparingNeedsTwoRuns) {
  EXPECT_EQ(RunTrainer({"compare", scratch_.string()}).code, 1);
  const Ended nothing = RunTrainer({"compare", scratch_.string(), scratch_.string()});
  EXPECT_EQ(nothing.code, 1);
  EXPECT_THAT(nothing.output, HasSubstr("no such run"));
}

TEST_F(TrainerProgramTest, RunsOfDifferentMarketsAreComparedWithoutTheirPolicies) {
  for (const std::string market : {"screening", "uncertain"}) {
    ASSERT_EQ(
        RunTrainer({"train", Smoke(), RunDir(market), "--market=" + market, "--iterations=2", "--markets=5"}).code, 0);
  }
  const Ended compared = RunTrainer({"compare", (scratch_ / "screening").string(), (scratch_ / "uncertain").string()});
  EXPECT_EQ(compared.code, 0);
  EXPECT_THAT(compared.output, HasSubstr("policies are not compared: they are for different families"));
}

TEST_F(TrainerProgramTest, AnInterruptedRunResumesToTheSameResult) {
  ASSERT_EQ(RunTrainer({"train", RunDir("whole"), Smoke(), "--iterations=300"}).code, 0);

  Trainer interrupted({"train", RunDir("parts"), Smoke(), "--iterations=300"});
  // The first line greets, the second is the first log entry.
  interrupted.ReadLine();
  EXPECT_THAT(interrupted.ReadLine(), HasSubstr("10/300"));
  interrupted.Signal(SIGINT);
  EXPECT_EQ(interrupted.Finish(), 128 + SIGINT);
  EXPECT_THAT(interrupted.rest(), HasSubstr("--resume"));

  const Ended resumed = RunTrainer({"train", RunDir("parts"), "--resume", "--markets=200"});
  ASSERT_EQ(resumed.code, 0) << resumed.output;
  // The manifest differs in what the runs cost.
  for (const char* file : {"metrics.jsonl", "bundle/screening/1/policy.pt", "bundle/screening/1/canary.json"}) {
    EXPECT_EQ(ReadAll(scratch_ / "parts" / file), ReadAll(scratch_ / "whole" / file)) << file;
  }
}

TEST_F(TrainerProgramTest, ResumingWithOtherSettingsIsRefused) {
  ASSERT_EQ(RunTrainer({"train", RunDir("run"), Smoke()}).code, 0);
  const Ended resumed = RunTrainer({"train", RunDir("run"), "--resume", "--batch=17"});
  EXPECT_EQ(resumed.code, 1);
  EXPECT_THAT(resumed.output, HasSubstr("--batch: got 17, but the run was started with 16"));
}

TEST_F(TrainerProgramTest, DivergenceHasItsOwnExitCode) {
  const Ended diverged = RunTrainer({"train", RunDir("run"), Smoke(), "--lr=1e9", "--clip_norm=1e9", "--warmup=0"});
  EXPECT_EQ(diverged.code, 3) << diverged.output;
  EXPECT_THAT(diverged.output, HasSubstr("not finite"));
}

// Where a process of two stands, as launchers say it.
std::vector<std::string> Rank(int rank, int port) {
  return {absl::StrCat("RANK=", rank), "WORLD_SIZE=2", absl::StrCat("LOCAL_RANK=", rank), "MASTER_ADDR=127.0.0.1",
          absl::StrCat("MASTER_PORT=", port)};
}

// A port that was free a moment ago.
int FreePort() {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  EXPECT_EQ(bind(listener, reinterpret_cast<sockaddr*>(&address), size), 0);
  EXPECT_EQ(getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size), 0);
  close(listener);
  return ntohs(address.sin_port);
}

// The last line of a run's metrics.
nlohmann::json LastMetrics(const std::filesystem::path& run) {
  std::ifstream stream(run / "metrics.jsonl");
  std::string last;
  for (std::string line; std::getline(stream, line);) last = line;
  return nlohmann::json::parse(last);
}

TEST_F(TrainerProgramTest, TwoProcessesTrainTheModelOfOneWithTheDoubledBatch) {
  if (!GIOT_HAS_GLOO) GTEST_SKIP() << "built without Gloo";
  ASSERT_EQ(RunTrainer({"train", Smoke(), RunDir("one"), "--batch=32", "--markets=20"}).code, 0);
  const int port = FreePort();
  const std::vector<std::string> half = {"train", Smoke(), RunDir("two"), "--batch=16", "--markets=20"};
  Trainer second(half, Rank(1, port));
  Trainer first(half, Rank(0, port));
  EXPECT_EQ(first.Finish(), 0) << first.rest();
  EXPECT_EQ(second.Finish(), 0) << second.rest();
  const nlohmann::json one = LastMetrics(scratch_ / "one");
  const nlohmann::json two = LastMetrics(scratch_ / "two");
  for (const char* name : {"loss", "gradient_norm", "validation_mean", "validation_min"}) {
    EXPECT_NEAR(one[name].get<double>(), two[name].get<double>(), 1e-4) << name;
  }
}

TEST_F(TrainerProgramTest, AKilledProcessEndsTheOthersAndTheRunResumesWithoutIt) {
  if (!GIOT_HAS_GLOO) GTEST_SKIP() << "built without Gloo";
  const int port = FreePort();
  const std::vector<std::string> endless = {
      "train",         Smoke(),        RunDir("killed"),      "--iterations=1000000",
      "--log_every=1", "--markets=20", "--cluster_timeout=20"};
  Trainer second(endless, Rank(1, port));
  Trainer first(endless, Rank(0, port));
  // Past the first checkpoint, at iteration 20.
  for (int line = 0; line < 45; ++line) ASSERT_NE(first.ReadLine(), "");
  second.Signal(SIGKILL);
  EXPECT_EQ(first.Finish(), 1);
  EXPECT_THAT(first.rest(), HasSubstr("rank 0 of 2"));
  EXPECT_THAT(first.rest(), HasSubstr("the last good checkpoint is"));

  Trainer alone({"train", "--resume", RunDir("killed")});
  EXPECT_THAT(alone.ReadLine(), testing::Not(HasSubstr("iteration 0 of")));
  EXPECT_NE(alone.ReadLine(), "");
  alone.Signal(SIGINT);
  EXPECT_EQ(alone.Finish(), 130) << alone.rest();
}

TEST_F(TrainerProgramTest, EveryAlgorithmTrainsOnEveryMarketItCanLearn) {
  for (const std::string market : {"screening", "screening_raw", "uncertain", "freshness"}) {
    for (const std::string algorithm : {"pathwise", "critic", "ppo", "sac"}) {
      const std::string name = absl::StrCat(market, "_", algorithm);
      const Ended ended = RunTrainer({"train", Smoke(), RunDir(name), "--market=" + market, "--algorithm=" + algorithm,
                                      "--iterations=2", "--validation_markets=5", "--markets=20"});
      EXPECT_EQ(ended.code, 0) << name << ": " << ended.output;
      EXPECT_THAT(ended.output, HasSubstr("validation_mean")) << name;
    }
  }
}

TEST_F(TrainerProgramTest, UnknownMarketsAndAlgorithmsAreNamed) {
  const Ended market = RunTrainer({"train", Smoke(), RunDir("market"), "--market=moon"});
  EXPECT_EQ(market.code, 1);
  EXPECT_THAT(market.output, HasSubstr("--market: got 'moon'"));
  const Ended algorithm = RunTrainer({"train", Smoke(), RunDir("algorithm"), "--algorithm=luck"});
  EXPECT_EQ(algorithm.code, 1);
  EXPECT_THAT(algorithm.output, HasSubstr("--algorithm: got 'luck'"));
  const Ended supervised =
      RunTrainer({"train", Smoke(), RunDir("supervised"), "--algorithm=supervised", "--market=uncertain"});
  EXPECT_EQ(supervised.code, 1);
  EXPECT_THAT(supervised.output, HasSubstr("wants --market=screening"));
}

TEST_F(TrainerProgramTest, ARunThatCannotBeABundleSaysWhy) {
  const Ended ended = RunTrainer({"train", Smoke(), RunDir("sac"), "--algorithm=sac", "--iterations=2"});
  EXPECT_EQ(ended.code, 0);
  EXPECT_THAT(ended.output, HasSubstr("no bundle: this algorithm learns no diffusion policy"));
  const Ended raw = RunTrainer({"train", Smoke(), RunDir("raw"), "--market=screening_raw", "--iterations=2"});
  EXPECT_EQ(raw.code, 0);
  EXPECT_THAT(raw.output, HasSubstr("no bundle: bundles hold no policies for screening_raw markets"));
}

TEST_F(TrainerProgramTest, APlateauEndsTheRunEarlyAndResumingItTakesNoFurtherStep) {
  // Nothing gains 10, so the second validation after the first, at 60, ends it.
  const std::vector<std::string> flags = {
      "train", Smoke(), RunDir("flat"), "--iterations=300", "--early_stop=2", "--early_stop_gain=10"};
  const Ended ended = RunTrainer(flags);
  ASSERT_EQ(ended.code, 0) << ended.output;
  EXPECT_THAT(ended.output, HasSubstr("ended early after iteration 60"));
  EXPECT_TRUE(std::filesystem::exists(Bundle("flat")));
  const std::string metrics = ReadAll(scratch_ / "flat" / "metrics.jsonl");
  EXPECT_EQ(RunTrainer({"train", "--resume", RunDir("flat")}).code, 0);
  EXPECT_EQ(ReadAll(scratch_ / "flat" / "metrics.jsonl"), metrics);
  EXPECT_EQ(nlohmann::json::parse(ReadAll(scratch_ / "flat" / "summary.json"))["state"], "plateau");
}

TEST_F(TrainerProgramTest, TheSummarySaysWhatTheRunCost) {
  ASSERT_EQ(RunTrainer({"train", Smoke(), RunDir("run"), "--deterministic", "--cpu_watts=20", "--grid_co2=500"}).code,
            0);
  const auto summary = nlohmann::json::parse(ReadAll(scratch_ / "run" / "summary.json"));
  EXPECT_EQ(summary["state"], "completed");
  EXPECT_EQ(summary["iteration"], 60);
  const double cpu = summary["cpu_seconds"];
  EXPECT_GT(cpu, 0.0);
  EXPECT_NEAR(summary["energy_kwh"].get<double>(), cpu * 20 / 3.6e6, 1e-12);
  EXPECT_NEAR(summary["co2_g"].get<double>(), cpu * 20 / 3.6e6 * 500, 1e-9);
}

TEST_F(TrainerProgramTest, ASweepRanksItsRunsAndGoesOnAfterAFailure) {
  const std::vector<std::string> sweep = {"sweep",
                                          Smoke(),
                                          "--iterations=20",
                                          "--markets=20",
                                          "--sweep_dir=" + (scratch_ / "sweep").string(),
                                          "--grid=lr=2e-3,0;hidden=8"};
  const Ended ended = RunTrainer(sweep);
  EXPECT_EQ(ended.code, 1) << ended.output;
  const std::string table = ReadAll(scratch_ / "sweep" / "summary.txt");
  EXPECT_THAT(table, HasSubstr("lr=2e-3,hidden=8"));
  EXPECT_THAT(table, HasSubstr("failed: giot-trainer: --lr: got 0"));
  // Finished runs are taken as they are, cost included.
  RunTrainer(sweep);
  EXPECT_EQ(ReadAll(scratch_ / "sweep" / "summary.txt"), table);
}

TEST_F(TrainerProgramTest, AnAblationTrainsButIsNoBundle) {
  const Ended features = RunTrainer({"train", Smoke(), RunDir("features"), "--virtual_cost_features=false"});
  EXPECT_EQ(features.code, 0) << features.output;
  EXPECT_THAT(features.output, HasSubstr("no bundle: an ablation"));
  EXPECT_FALSE(std::filesystem::exists(scratch_ / "features" / "bundle"));
  const Ended clamp = RunTrainer({"train", Smoke(), RunDir("clamp"), "--projected_clamp=false"});
  EXPECT_EQ(clamp.code, 0) << clamp.output;
  EXPECT_FALSE(std::filesystem::exists(scratch_ / "clamp" / "bundle"));
  EXPECT_EQ(RunTrainer({"train", "--resume", RunDir("clamp"), "--virtual_cost_features=false"}).code, 1);
  const Ended elsewhere =
      RunTrainer({"train", Smoke(), RunDir("u"), "--market=uncertain", "--virtual_cost_features=false"});
  EXPECT_EQ(elsewhere.code, 1);
  EXPECT_THAT(elsewhere.output, HasSubstr("--virtual_cost_features"));
}

TEST_F(TrainerProgramTest, FindLrPrintsATableAndSuggestsARate) {
  const Ended ended = RunTrainer({"find-lr", Smoke(), "--lr_first=1e-4", "--lr_last=1", "--lr_steps=60"});
  ASSERT_EQ(ended.code, 0) << ended.output;
  EXPECT_THAT(ended.output, testing::ContainsRegex("lr +loss +smoothed"));
  EXPECT_THAT(ended.output, testing::ContainsRegex("--lr=[0-9.e-]+\n$"));
  const Ended reversed = RunTrainer({"find-lr", Smoke(), "--lr_first=1", "--lr_last=0.1"});
  EXPECT_EQ(reversed.code, 1);
  EXPECT_THAT(reversed.output, HasSubstr("--lr_last"));
}

// The lines of an output that has no other than one.
testing::Matcher<std::string> OneLine(const std::string& text) {
  return testing::AllOf(
      HasSubstr(text), testing::ResultOf([](const std::string& s) { return std::count(s.begin(), s.end(), '\n'); }, 1));
}

TEST_F(TrainerProgramTest, FailuresAreOneLineThatNamesTheRemedy) {
  const Ended device = RunTrainer({"train", Smoke(), RunDir("cuda"), "--device=cuda"});
  if (device.code != 0) {
    EXPECT_THAT(device.output, OneLine("--device=cpu"));
  }

  std::ofstream(scratch_ / "file") << "x";
  const Ended folder = RunTrainer({"train", Smoke(), RunDir("file/run")});
  EXPECT_EQ(folder.code, 1);
  EXPECT_THAT(folder.output, OneLine("--run_dir: want a folder that can be written"));

  const Ended memory = [&] {
    const AddressSpaceLimit limit(std::size_t{6} << 30);
    return RunTrainer({"train", Smoke(), RunDir("memory"), "--batch=900000000"});
  }();
  EXPECT_EQ(memory.code, 1);
  EXPECT_THAT(memory.output, HasSubstr("giot-trainer: out of memory"));
  EXPECT_THAT(memory.output, testing::Not(HasSubstr("frame #")));

  ASSERT_EQ(RunTrainer({"train", Smoke(), RunDir("run"), "--markets=20"}).code, 0);
  const std::filesystem::path newest = scratch_ / "run" / "checkpoints" / "00000060.pt";
  std::filesystem::resize_file(newest, std::filesystem::file_size(newest) / 2);
  const Ended torn = RunTrainer({"train", "--resume", RunDir("run")});
  EXPECT_EQ(torn.code, 1);
  EXPECT_THAT(torn.output, OneLine("remove it to resume from the one before"));
  std::filesystem::remove(newest);
  EXPECT_EQ(RunTrainer({"train", "--resume", RunDir("run")}).code, 0);
}

TEST_F(TrainerProgramTest, OtherShapesAreRefusedInOneLine) {
  for (const std::string hidden : {"8", "16"}) {
    ASSERT_EQ(
        RunTrainer({"train", Smoke(), RunDir(hidden), "--hidden=" + hidden, "--iterations=2", "--markets=5"}).code, 0);
  }
  const Ended flag = RunTrainer({"train", "--resume", RunDir("8"), "--hidden=16"});
  EXPECT_EQ(flag.code, 1);
  EXPECT_THAT(flag.output, OneLine("--hidden: got 16, but the run was started with 8"));

  const std::string foreign = (scratch_ / "16" / "checkpoints" / "00000002.pt").string();
  const Ended exported = RunTrainer({"export", RunDir("8"), "--model_version=2", "--checkpoint=" + foreign});
  EXPECT_EQ(exported.code, 1);
  EXPECT_THAT(exported.output, OneLine(foreign));

  // A manifest that claims other shapes than the weights have.
  const std::filesystem::path bundle = Bundle("8");
  std::filesystem::copy_file(std::filesystem::path(Bundle("16")) / "policy.pt", bundle / "policy.pt",
                             std::filesystem::copy_options::overwrite_existing);
  const Ended evaluated = RunTrainer({"evaluate", "--bundle=" + bundle.string()});
  EXPECT_EQ(evaluated.code, 1);
  EXPECT_THAT(evaluated.output, OneLine("policy.pt"));
}

}  // namespace
}  // namespace giot::trainer
