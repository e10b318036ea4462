#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "models/quality/sensing_score.h"

namespace giot::quality {

// What a recording is like; all of [0, 1] but where units are stated.
struct AudioScore {
  double quality = 0.0;     // freshness x the product of the four below.
  double freshness = 0.0;   // As of images.
  double clipping = 0.0;    // 1 without clipped samples, 0 from 5 % on.
  double clarity = 0.0;     // 0 up to a signal-to-noise ratio of 3 dB, 1 from 25 dB on.
  double liveliness = 0.0;  // 1 from 5 % of active time on, 0 without any.
  double width = 0.0;       // Bandwidth / 3,400 Hz (telephony), at most 1.

  double seconds = 0.0;              // Length.
  double clipped_share = 0.0;        // Of samples.
  double signal_to_noise = 0.0;      // dB, [0, 100]: loud (90th percentile) against quiet (10th) moments of 20 ms.
  double active_share = 0.0;         // Of moments 6 dB louder than the quiet ones, and above -60 dB of full scale.
  double bandwidth = 0.0;            // Hz, below which 99 % of the energy lies.
  std::vector<std::string> reasons;  // For people, the weightiest first; empty if all are 1.
};

// Scores a WAV recording (wav.h). A pure function. InvalidArgument for what ParseWav refuses and, as
// ScoreImage has it, for metadata.
//
// Limit: steady sound counts as noise, as loudness that never changes cannot be told from it; it says
// nothing about what is heard.
absl::StatusOr<AudioScore> ScoreAudio(std::string_view bytes, const Capture& capture, const Requirements& requirements);

}  // namespace giot::quality
