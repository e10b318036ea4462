#include "trainer/stop_signal.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <csignal>

namespace giot::trainer {
namespace {

TEST(StopSignalTest, RemembersWhichSignalAsked) {
  for (const int number : {SIGINT, SIGTERM}) {
    const StopSignal signal;
    EXPECT_EQ(signal.received(), 0);
    raise(number);
    EXPECT_EQ(signal.received(), number);
  }
}

TEST(StopSignalDeathTest, TheSecondOneEndsTheProcess) {
  const StopSignal signal;
  raise(SIGTERM);
  EXPECT_EXIT(raise(SIGTERM), testing::KilledBySignal(SIGTERM), "");
}

}  // namespace
}  // namespace giot::trainer
