#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "models/quality/features.h"
#include "models/quality/image_pyramid.h"
#include "models/quality/integrity.h"
#include "models/quality/sensing_score.h"

namespace giot::quality {

// What reasons are drawn from besides the score's own terms.
struct Evidence {
  const Features& features;
  const ImagePyramid& pyramid;
  RepeatFinding repeat;
  double age_s = 0.0;  // Negative: captured after it was received.
  double reference_usefulness = 1.0;
};

// Why a score is not 1, for people, the weightiest first: what makes it 0, then what costs most.
// Uses the score's factors, resolution, freshness and flags.
std::vector<std::string> ExplainScore(const SensingScore& score, const Evidence& evidence);

// "4 s", "3 min", "2 h": a time span for people.
std::string SpanText(double seconds);

}  // namespace giot::quality
