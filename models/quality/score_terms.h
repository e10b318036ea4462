#pragma once

#include "absl/status/status.h"
#include "models/quality/sensing_score.h"

namespace giot::quality {

// By how much a source's clock may be ahead of the server's.
inline constexpr double kClockAheadSeconds = 5.0;

// InvalidArgument, naming the field, unless positions are degrees, a stated digest has 32 bytes, and
// what is required is positive.
absl::Status CheckCapture(const Capture& capture);
absl::Status CheckRequirements(const Requirements& requirements);

// Seconds from capture to arrival.
double AgeSeconds(const Capture& capture, const Requirements& requirements);

// exp(-max(0, age - fresh_for) / age_scale); 0 if captured more than kClockAheadSeconds after arrival.
double Freshness(double age_s, const Requirements& requirements);

// min(1, sqrt(pixels / required pixels)).
double Resolution(int width, int height, const Requirements& requirements);

}  // namespace giot::quality
