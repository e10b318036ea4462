#include "server/quality/score_recording.h"

#include <new>
#include <utility>

#include "absl/status/status.h"
#include "server/quality/measured_score.h"

namespace giot::scoring {
namespace {

absl::StatusOr<quality::AudioScore> Measure(const Recording& recording, const quality::Capture& capture,
                                            const quality::Requirements& requirements) {
  try {
    return quality::ScoreAudio(recording.bytes, capture, requirements);
  } catch (const std::bad_alloc&) {
    return absl::ResourceExhaustedError("audio: not enough memory to score it");
  }
}

}  // namespace

absl::StatusOr<Scored> ScoreRecording(const Recording& recording, const Digest& digest, const quality::Capture& capture,
                                      const quality::Requirements& requirements,
                                      const quality::SourceHistory& history) {
  absl::StatusOr<quality::AudioScore> measured = Measure(recording, capture, requirements);
  if (!measured.ok()) return measured.status();
  Scored scored;
  scored.score = SettleMeasured({measured->quality,
                                 measured->freshness,
                                 measured->reasons,
                                 {digest, 0, capture.captured_at_us, capture.latitude, capture.longitude}},
                                capture, history);
  scored.recording = *std::move(measured);
  return scored;
}

}  // namespace giot::scoring
