#pragma once

#include <string>
#include <vector>

#include "models/quality/sensing_score.h"
#include "models/quality/source_history.h"

namespace giot::scoring {

// What was measured of something other than an image.
struct Measured {
  double quality = 0.0;    // In [0, 1], freshness included.
  double freshness = 0.0;  // In [0, 1].
  std::vector<std::string> reasons;
  quality::SeenImage seen;
};

// Its score as of images, where images' terms make sense: integrity is 0 if the source's history of
// this kind of data holds the same bytes (kReplay) or they are not those of the stated SHA-256
// (kCorrupt), and is said first among the reasons; kStale and kUnsigned are as of images.
quality::SensingScore SettleMeasured(Measured measured, const quality::Capture& capture,
                                     const quality::SourceHistory& history);

}  // namespace giot::scoring
