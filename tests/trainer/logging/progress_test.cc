#include "trainer/logging/progress.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <sstream>
#include <string>

namespace giot::trainer {
namespace {

// A clock that is set by hand.
struct Stage {
  double now = 0.0;
  std::ostringstream out;

  Progress MakeProgress(bool terminal, std::int64_t done, std::int64_t total) {
    Progress::Options options;
    options.terminal = terminal;
    options.bar_width = 10;
    options.clock = [this] { return now; };
    return Progress(out, done, total, options);
  }
};

TEST(FormatDuration, ShowsHoursOnlyWhereThereAreAny) {
  EXPECT_EQ(FormatDuration(0.4), "00:00");
  EXPECT_EQ(FormatDuration(83.0), "01:23");
  EXPECT_EQ(FormatDuration(3599.6), "1:00:00");
  EXPECT_EQ(FormatDuration(3723.0), "1:02:03");
}

TEST(FormatDuration, ShowsThatItDoesNotKnow) {
  EXPECT_EQ(FormatDuration(std::numeric_limits<double>::infinity()), "--:--");
}

TEST(Progress, WritesAPlainLineForEachReportWithMetricsWhereThereIsNoTerminal) {
  Stage stage;
  Progress progress = stage.MakeProgress(false, 0, 100);
  stage.now = 2.0;
  progress.Report(10, {});
  progress.Report(20, {{"loss", -1.25}});
  // 20 steps in 2 s; the other 80 take 8 s.
  EXPECT_EQ(stage.out.str(), "20/100  10.0 it/s  ETA 00:08  loss -1.25\n");
}

TEST(Progress, MeasuresTheRateFromWhereItBegan) {
  Stage stage;
  Progress progress = stage.MakeProgress(false, 50, 100);
  stage.now = 5.0;
  progress.Report(60, {{"loss", 1.0}});
  EXPECT_EQ(stage.out.str(), "60/100  2.0 it/s  ETA 00:20  loss 1\n");
}

TEST(Progress, DrawsABarOnATerminalAndKeepsTheNewestMetrics) {
  Stage stage;
  Progress progress = stage.MakeProgress(true, 0, 4);
  stage.now = 1.0;
  progress.Report(1, {{"loss", 2.0}});
  stage.now = 2.0;
  progress.Report(2, {});
  EXPECT_EQ(stage.out.str(),
            "\r[##........]  25%  1/4  1.0 it/s  ETA 00:03  loss 2"
            "\r[#####.....]  50%  2/4  1.0 it/s  ETA 00:02  loss 2");
}

TEST(Progress, DoesNotRedrawTheBarWithEveryStep) {
  Stage stage;
  Progress progress = stage.MakeProgress(true, 0, 1000);
  for (int step = 1; step <= 100; ++step) {
    stage.now = 0.001 * step;
    progress.Report(step, {});
  }
  // 0.1 s in all: the first step draws, and none again before 0.1 s are over.
  const std::string text = stage.out.str();
  EXPECT_EQ(std::count(text.begin(), text.end(), '\r'), 1);
}

TEST(Progress, AlwaysDrawsTheLastStep) {
  Stage stage;
  Progress progress = stage.MakeProgress(true, 0, 2);
  stage.now = 1.0;
  progress.Report(1, {});
  progress.Report(2, {});
  EXPECT_NE(stage.out.str().find("100%  2/2"), std::string::npos);
}

TEST(Progress, PutsANoteOnALineOfItsOwn) {
  Stage stage;
  Progress progress = stage.MakeProgress(true, 0, 2);
  stage.now = 1.0;
  progress.Report(1, {});
  progress.Note("hello");
  EXPECT_NE(stage.out.str().find("\nhello\n"), std::string::npos);
}

}  // namespace
}  // namespace giot::trainer
