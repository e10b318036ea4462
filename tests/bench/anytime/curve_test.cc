#include "bench/anytime/curve.h"

#include <gtest/gtest.h>

#include <chrono>
#include <vector>

namespace giot::bench {
namespace {

using std::chrono::microseconds;
using std::chrono::nanoseconds;

std::size_t IndexOf(microseconds time) {
  for (std::size_t i = 0; i < AnswerTimes().size(); ++i) {
    if (AnswerTimes()[i] == time) return i;
  }
  ADD_FAILURE() << time.count() << " us is not among the times";
  return 0;
}

TEST(AnswerTimesTest, RunFromThirtyMicrosecondsToATenthOfASecond) {
  EXPECT_EQ(AnswerTimes().front(), microseconds(30));
  EXPECT_EQ(AnswerTimes().back(), microseconds(100'000));
  for (std::size_t i = 1; i < AnswerTimes().size(); ++i) EXPECT_LT(AnswerTimes()[i - 1], AnswerTimes()[i]);
}

TEST(AnswerLogTest, HoldsTheLastValueThatWasThereInTime) {
  AnswerLog log;
  log.Note(nanoseconds(49'000), 1.0);
  log.Note(nanoseconds(100'000), 2.0);
  log.Note(nanoseconds(100'001), 3.0);
  EXPECT_FALSE(log.best(IndexOf(microseconds(30))).has_value());
  EXPECT_EQ(log.best(IndexOf(microseconds(50))), 1.0);
  EXPECT_EQ(log.best(IndexOf(microseconds(70))), 1.0);
  EXPECT_EQ(log.best(IndexOf(microseconds(100))), 2.0);
  EXPECT_EQ(log.best(IndexOf(microseconds(150))), 3.0);
  EXPECT_EQ(log.best(IndexOf(microseconds(100'000))), 3.0);
}

TEST(AnswerLogTest, AnAnswerAfterTheLastTimeCountsNowhere) {
  AnswerLog log;
  log.Note(nanoseconds(100'000'001), 1.0);
  EXPECT_FALSE(log.best(AnswerTimes().size() - 1).has_value());
}

TEST(SummarizeTest, NoAnswerAndANegativeOneCountAsNothing) {
  std::vector<AnswerLog> logs(4);
  logs[0].Note(nanoseconds(10), 1.0);   // Half of the best.
  logs[1].Note(nanoseconds(10), 4.0);   // The best.
  logs[2].Note(nanoseconds(10), -3.0);  // Worse than no menu.
  const Summary summary = Summarize(logs, std::vector<double>{2.0, 4.0, 1.0, 1.0}, 0);
  EXPECT_DOUBLE_EQ(summary.mean, (0.5 + 1.0 + 0.0 + 0.0) / 4);
  EXPECT_DOUBLE_EQ(summary.answered, 0.75);
  EXPECT_DOUBLE_EQ(summary.p01, 0.0);
}

TEST(SummarizeTest, TheFirstPercentileLeavesOneInAHundredOut) {
  std::vector<AnswerLog> logs(200);
  for (std::size_t i = 0; i < logs.size(); ++i) logs[i].Note(nanoseconds(10), static_cast<double>(200 - i));
  const Summary summary = Summarize(logs, std::vector<double>(200, 200.0), 0);
  EXPECT_DOUBLE_EQ(summary.p01, 3.0 / 200);
}

}  // namespace
}  // namespace giot::bench
