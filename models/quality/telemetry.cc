#include "models/quality/telemetry.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "models/quality/geodesy.h"
#include "models/quality/reasons.h"
#include "models/quality/score_terms.h"

namespace giot::quality {
namespace {

constexpr double kComparableSeconds = 60.0;
constexpr double kPositionError = 15.0;  // Metres.
constexpr double kWayError = 0.3;        // Share of the way.

absl::Status Wrong(absl::string_view field, double got, absl::string_view want) {
  return absl::InvalidArgumentError(absl::StrCat("telemetry.", field, ": got ", got, ", want ", want));
}

absl::Status CheckReport(const TelemetryReport& report) {
  if (!(std::abs(report.latitude) <= 90.0)) return Wrong("latitude", report.latitude, "-90 to 90 degrees");
  if (!(std::abs(report.longitude) <= 180.0)) return Wrong("longitude", report.longitude, "-180 to 180 degrees");
  if (!(report.speed >= 0.0 && std::isfinite(report.speed))) return Wrong("speed", report.speed, "0 m/s or more");
  if (!(report.heading >= 0.0 && report.heading < 360.0)) {
    return Wrong("heading", report.heading, "degrees from 0 to less than 360");
  }
  return absl::OkStatus();
}

// 1 up to `good`, 0 from `bad` on, linear between.
double Falling(double value, double good, double bad) { return std::clamp((bad - value) / (bad - good), 0.0, 1.0); }

double AngleBetween(double a, double b) {
  const double difference = std::abs(a - b);
  return std::min(difference, 360.0 - difference);
}

double DirectionPlausibility(const TelemetryReport& report, const TelemetryReport& previous, double distance) {
  if (distance < kPositionError) return 1.0;
  const double bearing = BearingDegrees(previous.latitude, previous.longitude, report.latitude, report.longitude);
  // In a bend the way lies between both headings.
  const double off = std::min(AngleBetween(bearing, report.heading), AngleBetween(bearing, previous.heading));
  return Falling(off, 60.0, 150.0);
}

void CompareWith(const TelemetryReport& previous, const TelemetryReport& report, TelemetryScore& score) {
  const double seconds =
      (static_cast<double>(report.reported_at_us) - static_cast<double>(previous.reported_at_us)) * 1e-6;
  score.order = seconds > 0.0 ? 1.0 : 0.0;
  if (seconds <= 0.0 || seconds > kComparableSeconds) return;
  score.acceleration = Falling(std::abs(report.speed - previous.speed) / seconds, 8.0, 20.0);
  const double distance = DistanceMetres(previous.latitude, previous.longitude, report.latitude, report.longitude);
  const double expected = (report.speed + previous.speed) / 2.0 * seconds;
  const double tolerance = kPositionError + kWayError * expected;
  score.displacement = Falling(std::abs(distance - expected), tolerance, 3.0 * tolerance);
  score.direction = DirectionPlausibility(report, previous, distance);
}

std::vector<std::string> Explain(const TelemetryScore& score, double age) {
  std::vector<std::pair<double, std::string>> found = {
      {score.order, "not later than the report before"},
      {score.speed, "faster than vehicles are"},
      {score.acceleration, "speed changes faster than vehicles can"},
      {score.displacement, "way gone does not fit the speed"},
      {score.direction, "way gone does not fit the heading"},
      {score.freshness, age < 0.0 ? absl::StrCat("time lies ", SpanText(-age), " ahead")
                                  : absl::StrCat(SpanText(age), " old on arrival")}};
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> reasons;
  for (auto& [value, text] : found) {
    if (value < 1.0) reasons.push_back(std::move(text));
  }
  return reasons;
}

}  // namespace

absl::StatusOr<TelemetryScore> ScoreTelemetry(const TelemetryReport& report,
                                              const std::optional<TelemetryReport>& previous,
                                              const Requirements& requirements) {
  if (absl::Status status = CheckReport(report); !status.ok()) return status;
  if (absl::Status status = CheckRequirements(requirements); !status.ok()) return status;
  Capture capture;
  capture.captured_at_us = report.reported_at_us;
  const double age = AgeSeconds(capture, requirements);
  TelemetryScore score;
  score.freshness = Freshness(age, requirements);
  score.speed = Falling(report.speed, 70.0, 100.0);
  score.acceleration = score.displacement = score.direction = score.order = 1.0;
  if (previous) CompareWith(*previous, report, score);
  score.quality =
      score.freshness * std::min({score.speed, score.acceleration, score.displacement, score.direction, score.order});
  score.reasons = Explain(score, age);
  return score;
}

}  // namespace giot::quality
