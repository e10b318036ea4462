#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "models/quality/sensing_score.h"

namespace giot::quality {

// What a vehicle says of its own motion.
struct TelemetryReport {
  std::int64_t reported_at_us = 0;  // Unix time.
  double latitude = 0.0;            // Degrees, -90..90.
  double longitude = 0.0;           // Degrees, -180..180.
  double speed = 0.0;               // Metres per second, 0 or more.
  double heading = 0.0;             // Degrees clockwise from north, [0, 360).
};

// All of [0, 1]; quality = freshness x the least of the plausibilities. Those that compare with the
// report before are 1 where there is none, or it is more than a minute older.
struct TelemetryScore {
  double quality = 0.0;
  double freshness = 0.0;     // As of images.
  double speed = 0.0;         // 1 up to 70 m/s, 0 from 100 m/s on.
  double acceleration = 0.0;  // 1 up to 8 m/s^2, 0 from 20 m/s^2 on.
  double displacement = 0.0;  // The way gone, against both speeds: 1 within 15 m + 30 %, 0 at three times as much.
  double direction = 0.0;     // Where it went, against both headings: 1 within 60 degrees, 0 from 150 on; from 15 m on.
  double order = 0.0;         // 0 if not later than the report before, else 1.
  std::vector<std::string> reasons;  // For people, the weightiest first; empty if all are 1.
};

// A pure function. `previous`: the report before, of the same source. InvalidArgument, naming the
// field, for what is out of range or not finite, and for requirements as ScoreImage has it.
//
// Limit: it sees reports that contradict each other or nature, not a track that is made up well.
absl::StatusOr<TelemetryScore> ScoreTelemetry(const TelemetryReport& report,
                                              const std::optional<TelemetryReport>& previous,
                                              const Requirements& requirements);

}  // namespace giot::quality
