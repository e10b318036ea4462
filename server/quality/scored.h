#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "models/quality/audio.h"
#include "models/quality/sensing_score.h"
#include "models/quality/telemetry.h"
#include "server/quality/nonce_secret.h"

namespace giot::scoring {

// A score, and what it takes to compute it again.
struct Scored {
  // Of a recording or a report without factors, size and heat map, of resolution 1, and with bounds that
  // equal its quality.
  quality::SensingScore score;
  std::optional<quality::AudioScore> recording;   // What was measured of a recording, integrity aside.
  std::optional<quality::TelemetryScore> report;  // And of a report.
  quality::Requirements requirements;
  Digest data_sha256{};
  std::optional<Digest> nonce;  // Of an image.
  bool repeated = false;        // The answer to an earlier submission with the same id.
  std::chrono::microseconds waited{0};
  std::chrono::microseconds took{0};
};

}  // namespace giot::scoring
