#include "models/quality/telemetry.h"

#include <cmath>
#include <limits>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace giot::quality {
namespace {

using absl::StatusCode;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::int64_t kNow = 1'700'000'000'000'000;
constexpr double kMetresPerDegree = 111'195.0;

// Somebody who drives north at 20 m/s, `seconds` after the start and `metres` north of it.
TelemetryReport Report(double seconds, double metres) {
  return {.reported_at_us = kNow + static_cast<std::int64_t>(seconds * 1e6),
          .latitude = 50.0 + metres / kMetresPerDegree,
          .longitude = 8.0,
          .speed = 20.0,
          .heading = 0.0};
}

TelemetryScore Score(const TelemetryReport& report, const std::optional<TelemetryReport>& previous = std::nullopt) {
  Requirements requirements;
  requirements.received_at_us = report.reported_at_us;
  const auto score = ScoreTelemetry(report, previous, requirements);
  EXPECT_TRUE(score.ok()) << score.status();
  return score.ok() ? *score : TelemetryScore();
}

TEST(TelemetryTest, AConsistentTrackIsWorthEverything) {
  const TelemetryScore first = Score(Report(0, 0));
  EXPECT_EQ(first.quality, 1.0);
  const TelemetryScore next = Score(Report(5, 100), Report(0, 0));
  EXPECT_EQ(next.quality, 1.0);
  EXPECT_THAT(next.reasons, IsEmpty());
}

TEST(TelemetryTest, AgeCostsAsWithImages) {
  Requirements requirements;
  requirements.received_at_us = kNow + 6'000'000;
  const auto score = ScoreTelemetry(Report(0, 0), std::nullopt, requirements);
  ASSERT_TRUE(score.ok());
  EXPECT_DOUBLE_EQ(score->quality, std::exp(-1.0));
  EXPECT_THAT(score->reasons, ElementsAre("6 s old on arrival"));
}

TEST(TelemetryTest, AJumpDoesNotFitTheSpeed) {
  // 100 m expected, within 45 m tolerated, at 235 m (135 m off) worthless.
  EXPECT_EQ(Score(Report(5, 144), Report(0, 0)).displacement, 1.0);
  EXPECT_NEAR(Score(Report(5, 190), Report(0, 0)).displacement, 0.5, 0.01);
  const TelemetryScore score = Score(Report(5, 2000), Report(0, 0));
  EXPECT_EQ(score.quality, 0.0);
  EXPECT_THAT(score.reasons, ElementsAre("way gone does not fit the speed"));
}

TEST(TelemetryTest, StandingStillAtSpeedDoesNotFitEither) {
  EXPECT_LT(Score(Report(20, 0), Report(0, 0)).displacement, 0.1);
}

TEST(TelemetryTest, GoingBackwardsDoesNotFitTheHeading) {
  const TelemetryScore score = Score(Report(5, -100), Report(0, 0));
  EXPECT_EQ(score.direction, 0.0);
  EXPECT_EQ(score.displacement, 1.0);
  EXPECT_THAT(score.reasons, ElementsAre("way gone does not fit the heading"));
}

TEST(TelemetryTest, ABendFitsOneOfBothHeadings) {
  TelemetryReport report = Report(5, 100);
  report.heading = 90.0;
  EXPECT_EQ(Score(report, Report(0, 0)).direction, 1.0);
  // 350 degrees are 10 from north.
  report.heading = 350.0;
  TelemetryReport previous = Report(0, 0);
  previous.heading = 180.0;
  EXPECT_EQ(Score(report, previous).direction, 1.0);
}

TEST(TelemetryTest, NobodyGainsSpeedThatFast) {
  TelemetryReport previous = Report(0, 0);
  previous.speed = 0.0;
  EXPECT_EQ(Score(Report(1, 10), previous).acceleration, 0.0);
  EXPECT_EQ(Score(Report(4, 40), previous).acceleration, 1.0);
}

TEST(TelemetryTest, NobodyIsThatFast) {
  TelemetryReport report = Report(0, 0);
  report.speed = 85.0;
  EXPECT_DOUBLE_EQ(Score(report).quality, 0.5);
  report.speed = 300.0;
  EXPECT_EQ(Score(report).quality, 0.0);
  EXPECT_THAT(Score(report).reasons, ElementsAre("faster than vehicles are"));
}

TEST(TelemetryTest, TimeMustRise) {
  EXPECT_EQ(Score(Report(0, 0), Report(0, 0)).quality, 0.0);
  EXPECT_EQ(Score(Report(0, 0), Report(1, 20)).quality, 0.0);
  EXPECT_THAT(Score(Report(0, 0), Report(0, 0)).reasons, ElementsAre("not later than the report before"));
}

TEST(TelemetryTest, OldReportsAreNotComparedWith) {
  EXPECT_EQ(Score(Report(61, 50'000), Report(0, 0)).quality, 1.0);
  EXPECT_EQ(Score(Report(60, 50'000), Report(0, 0)).quality, 0.0);
}

TEST(TelemetryTest, FieldsOutOfRangeAreRefused) {
  const auto code = [](const TelemetryReport& report) {
    return ScoreTelemetry(report, std::nullopt, {}).status().code();
  };
  const double nan = std::numeric_limits<double>::quiet_NaN();
  TelemetryReport report = Report(0, 0);
  report.latitude = 90.5;
  EXPECT_EQ(code(report), StatusCode::kInvalidArgument);
  report = Report(0, 0);
  report.longitude = nan;
  EXPECT_EQ(code(report), StatusCode::kInvalidArgument);
  report = Report(0, 0);
  report.speed = -1.0;
  EXPECT_EQ(code(report), StatusCode::kInvalidArgument);
  report.speed = std::numeric_limits<double>::infinity();
  EXPECT_EQ(code(report), StatusCode::kInvalidArgument);
  report = Report(0, 0);
  report.heading = 360.0;
  EXPECT_EQ(code(report), StatusCode::kInvalidArgument);
  EXPECT_EQ(ScoreTelemetry(Report(0, 0), std::nullopt, {.width = 0}).status().code(), StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace giot::quality
