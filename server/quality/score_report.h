#pragma once

#include "absl/status/statusor.h"
#include "models/quality/source_history.h"
#include "models/quality/telemetry.h"
#include "server/quality/scored.h"
#include "server/quality/submission.h"

namespace giot::scoring {

// A report as a history keeps it: speed and heading, as floats, are where an image's
// perceptual hash would be, speed in the upper half.
quality::SeenImage KeepReport(const quality::TelemetryReport& report, const Digest& digest);
quality::TelemetryReport ReportFrom(const quality::SeenImage& kept);

// The score of a report with this digest, compared with the last one of the source's history of
// reports. A pure function. InvalidArgument as quality::ScoreTelemetry has it.
absl::StatusOr<Scored> ScoreReport(const Motion& motion, const Digest& digest, const quality::Capture& capture,
                                   const quality::Requirements& requirements, const quality::SourceHistory& history);

}  // namespace giot::scoring
