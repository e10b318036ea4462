#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/quality/sensing_score.h"
#include "models/quality/source_history.h"

namespace giot::quality {

// Perceptual hashes this near each other count as the same picture.
inline constexpr int kSamePictureDistance = 2;

// What the images sent before say of one.
struct RepeatFinding {
  enum class Kind { kNone, kReplay, kFrozen, kSuspect };
  Kind kind = Kind::kNone;
  // Between the capture of the image that this one repeats and its own; 0 for kNone.
  double seconds_ago = 0.0;
};

// kReplay: the same bytes were seen before. kFrozen: without a break, the source has been showing this
// picture for more than 1 s, over which its position moved by more than 5 m. kSuspect: any other
// image that looks the same, which a camera that stands still takes honestly.
RepeatFinding FindRepeat(const SourceHistory& history, const SeenImage& image);

}  // namespace giot::quality
