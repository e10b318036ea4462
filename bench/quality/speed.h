#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/quality/rivals.h"
#include "models/quality/quality_model.h"

namespace giot::bench {

// CPU time of one thread for one image of 1920 x 1080, in milliseconds: medians.
struct Speed {
  double decode = 0.0;    // JPEG to BGR, cv::imdecode.
  double features = 0.0;  // Of the image and of it smoothed.
  double network = 0.0;   // Both passes.
  double score = 0.0;     // ScoreImage, decode included.
  double brisque = 0.0;
  double niqe = 0.0;
};

// On `images` rendered roads as JPEG of quality 90, `repeats` times each. Internal if one cannot be scored.
absl::StatusOr<Speed> MeasureSpeed(const quality::QualityModel& model, const Rivals& rivals, int images, int repeats);

}  // namespace giot::bench
