#pragma once

#include "absl/status/statusor.h"
#include "models/quality/source_history.h"
#include "server/quality/scored.h"
#include "server/quality/submission.h"

namespace giot::scoring {

// The score of a recording with this digest, against the source's history of recordings. A pure
// function. InvalidArgument as quality::ScoreAudio has it; ResourceExhausted without memory.
absl::StatusOr<Scored> ScoreRecording(const Recording& recording, const Digest& digest, const quality::Capture& capture,
                                      const quality::Requirements& requirements, const quality::SourceHistory& history);

}  // namespace giot::scoring
