#include "server/quality/score_report.h"

#include "gtest/gtest.h"

namespace giot::scoring {
namespace {

constexpr std::int64_t kNow = 1'700'000'000'000'000;

TEST(KeepReportTest, KeepsWhatTheNextReportIsComparedWith) {
  const quality::TelemetryReport report = {kNow, 47.123456789, -19.0, 12.25, 359.75};
  const quality::SeenImage kept = KeepReport(report, quality::Sha256("report"));
  EXPECT_EQ(kept.sha256, quality::Sha256("report"));
  const quality::TelemetryReport again = ReportFrom(kept);
  EXPECT_EQ(again.reported_at_us, kNow);
  EXPECT_EQ(again.latitude, 47.123456789);
  EXPECT_EQ(again.longitude, -19.0);
  EXPECT_EQ(again.speed, 12.25);
  EXPECT_EQ(again.heading, 359.75);
}

TEST(ScoreReportTest, ComparesWithTheLastOfTheHistory) {
  quality::Capture capture;
  capture.captured_at_us = kNow;
  quality::Requirements requirements;
  requirements.received_at_us = kNow;
  const Digest digest = quality::Sha256("this");
  const auto alone = ScoreReport({30.0, 90.0}, digest, capture, requirements, {});
  ASSERT_TRUE(alone.ok()) << alone.status();
  EXPECT_EQ(alone->score.quality, 1.0);
  // From standing to 30 m/s within a second, where 20 m/s^2 are impossible.
  const quality::SourceHistory history = {{KeepReport({kNow - 2'000'000, 0.0, 0.0, 30.0, 90.0}, quality::Sha256("1")),
                                           KeepReport({kNow - 1'000'000, 0.0, 0.0, 0.0, 90.0}, quality::Sha256("2"))}};
  const auto compared = ScoreReport({30.0, 90.0}, digest, capture, requirements, history);
  ASSERT_TRUE(compared.ok()) << compared.status();
  EXPECT_EQ(compared->report->acceleration, 0.0);
  EXPECT_EQ(compared->score.quality, 0.0);
  EXPECT_EQ(compared->score.integrity, 1.0);
}

TEST(ScoreReportTest, RefusesWhatIsOutOfRange) {
  EXPECT_EQ(ScoreReport({-1.0, 0.0}, {}, {}, {}, {}).status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace giot::scoring
