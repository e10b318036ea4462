#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include "tests/trainer/distributed/rank_process.h"

namespace giot::trainer {
namespace {

using testing::AllOf;
using testing::Each;
using testing::HasSubstr;

constexpr double kAmple = 60;  // Seconds; not to be reached.

class TrainingRun {
 public:
  TrainingRun(const std::string& scenario, double timeout, int size)
      : TrainingRun(scenario, timeout, size, FreePort()) {}
  TrainingRun(const std::string& scenario, double timeout, int size, int port)
      : scenario_(scenario), timeout_(timeout), size_(size), port_(port) {}

  RankProcess Start(int rank) const {
    return RankProcess(scenario_, timeout_,
                       {"RANK=" + std::to_string(rank), "WORLD_SIZE=" + std::to_string(size_), "MASTER_ADDR=127.0.0.1",
                        "MASTER_PORT=" + std::to_string(port_)});
  }

 private:
  std::string scenario_;
  double timeout_;
  int size_;
  int port_;
};

// What a process says of an operation: its status, how long it took, and why.
struct Outcome {
  std::string code;
  double seconds = -1;
  std::string message;
};

Outcome OutcomeOf(const std::string& output, const std::string& operation) {
  std::istringstream line(Line(output, operation));
  Outcome outcome;
  line >> outcome.code >> outcome.seconds;
  std::getline(line >> std::ws, outcome.message);
  return outcome;
}

// One run of three processes, of which every test looks at one part.
class Collectives : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    const TrainingRun run("collectives", kAmple, 3);
    RankProcess processes[] = {run.Start(0), run.Start(1), run.Start(2)};
    for (RankProcess& process : processes) outputs_.push_back(process.Output());
    for (RankProcess& process : processes) EXPECT_EQ(process.Wait(), 0);
  }
  static void TearDownTestSuite() { outputs_.clear(); }

  // What each of the processes printed under `name`.
  static std::vector<std::string> Seen(const std::string& name) {
    std::vector<std::string> lines;
    for (const std::string& output : outputs_) lines.push_back(Line(output, name));
    return lines;
  }

 private:
  static inline std::vector<std::string> outputs_;
};

// Rank r holds (r + 1) times 1, 2, 3, 4; r times the odd numbers below 6; r 1e-12.
TEST_F(Collectives, MeanIsThatOfAllProcessesInEveryTensor) {
  EXPECT_THAT(Seen("matrix"), Each("2 4 6 8"));
  EXPECT_THAT(Seen("column"), Each("1 3 5"));
  EXPECT_THAT(Seen("precise"), Each("1e-12"));
}

TEST_F(Collectives, MeanHasTheSameBitsEverywhere) {
  const std::vector<std::string> bits = Seen("bits");
  EXPECT_FALSE(bits[0].empty());
  EXPECT_THAT(bits, Each(bits[0]));
}

TEST_F(Collectives, MeanIsNotANumberEverywhereIfItIsSomewhere) { EXPECT_THAT(Seen("not_a_number"), Each("yes")); }

TEST_F(Collectives, BroadcastGivesEverybodyWhatRankZeroHas) {
  EXPECT_THAT(Seen("weights"), Each("0.5 0.5 0.5 0.5"));
  EXPECT_THAT(Seen("iteration"), Each("1099511627776"));
}

TEST_F(Collectives, BytesOfRankZeroReachEverybody) {
  EXPECT_THAT(Seen("bytes"), Each("same"));
  EXPECT_THAT(Seen("nothing"), Each("empty"));
}

TEST_F(Collectives, AnyIsTrueIfOneProcessSaysSo) {
  EXPECT_THAT(Seen("any_0"), Each("yes"));
  EXPECT_THAT(Seen("any_2"), Each("yes"));
  EXPECT_THAT(Seen("any_3"), Each("no"));
}

TEST_F(Collectives, BarrierLetsEverybodyPass) { EXPECT_THAT(Seen("barrier"), Each(HasSubstr("OK"))); }

// Ranks 0 and 2 lose rank 1 between two exchanges, and say so within `limit` seconds.
void ExpectLossIsReported(const std::string& output, const std::string& who, double limit) {
  EXPECT_EQ(OutcomeOf(output, "before").code, "OK") << output;
  const Outcome mean = OutcomeOf(output, "mean");
  EXPECT_EQ(mean.code, "UNAVAILABLE") << output;
  EXPECT_LT(mean.seconds, limit) << output;
  EXPECT_THAT(mean.message, AllOf(HasSubstr(who), HasSubstr("all-reduce")));
  EXPECT_EQ(Line(output, "value"), "kept");
  const Outcome afterwards = OutcomeOf(output, "afterwards");
  EXPECT_EQ(afterwards.code, "UNAVAILABLE") << output;
  EXPECT_EQ(afterwards.message, mean.message);
  EXPECT_LT(afterwards.seconds, 0.5) << output;
}

TEST(Communicator, KilledProcessMakesTheOthersReturnBeforeTheTimeout) {
  const TrainingRun run("killed", kAmple, 3);
  RankProcess first = run.Start(0), killed = run.Start(1), last = run.Start(2);
  ExpectLossIsReported(first.Output(), "rank 0 of 3", kAmple / 2);
  ExpectLossIsReported(last.Output(), "rank 2 of 3", kAmple / 2);
  EXPECT_EQ(first.Wait(), 0);
  EXPECT_EQ(last.Wait(), 0);
}

TEST(Communicator, HungProcessMakesTheOthersReturnWithinTheTimeout) {
  constexpr double kTimeout = 10;
  const TrainingRun run("stopped", kTimeout, 3);
  RankProcess first = run.Start(0), hung = run.Start(1), last = run.Start(2);
  ExpectLossIsReported(first.Output(), "rank 0 of 3", kTimeout + 1);
  ExpectLossIsReported(last.Output(), "rank 2 of 3", kTimeout + 1);
  EXPECT_EQ(first.Wait(), 0);
  EXPECT_EQ(last.Wait(), 0);
}

void ExpectNobodyCame(RankProcess& process, double timeout) {
  const std::string output = process.Output();
  const Outcome connect = OutcomeOf(output, "connect");
  EXPECT_EQ(connect.code, "UNAVAILABLE") << output;
  EXPECT_LT(connect.seconds, timeout + 1) << output;
  EXPECT_EQ(process.Wait(), 0);
}

TEST(Communicator, ProcessThatNeverJoinsIsNotWaitedForBeyondTheTimeout) {
  constexpr double kTimeout = 2;
  RankProcess listening = TrainingRun("collectives", kTimeout, 2).Start(0);
  RankProcess calling = TrainingRun("collectives", kTimeout, 2).Start(1);
  ExpectNobodyCame(listening, kTimeout);
  ExpectNobodyCame(calling, kTimeout);
}

TEST(Communicator, MasterThatNeverAnswersIsNotWaitedForBeyondTheTimeout) {
  constexpr double kTimeout = 2;
  const SilentListener listener;
  RankProcess calling = TrainingRun("collectives", kTimeout, 2, listener.port()).Start(1);
  ExpectNobodyCame(calling, kTimeout);
}

}  // namespace
}  // namespace giot::trainer
