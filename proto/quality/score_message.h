#pragma once

#include "giot/v1/sensing_quality.pb.h"
#include "models/quality/audio.h"
#include "models/quality/quality_model.h"
#include "models/quality/sensing_score.h"
#include "models/quality/telemetry.h"

namespace giot::quality {

// Scores as messages, which are expected to be empty.

// What a score of any kind of data says, and what it was reckoned with.
void FillScore(const SensingScore& from, const Requirements& requirements, v1::SensingQualityScore& to);

void FillModel(const QualityModel& from, v1::SensingModel& to);
void FillAudio(const AudioScore& from, v1::SensingAudio& to);
void FillTelemetry(const TelemetryScore& from, v1::SensingTelemetry& to);

}  // namespace giot::quality
