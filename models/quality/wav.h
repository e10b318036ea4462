#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace giot::quality {

// Sound as samples in [-1, 1], the mean of all channels.
struct Sound {
  int rate = 0;  // Samples per second.
  std::vector<float> samples;
  // Share of the samples of all channels that are at the end of their range.
  double clipped = 0.0;
};

inline constexpr std::size_t kMaxWavBytes = std::size_t{16} << 20;

// Parses a RIFF/WAVE file of linear PCM (format 1, or 0xfffe with that subformat): 8, 16, 24 or 32
// bits, 1 to 8 channels, 4,000 to 192,000 samples per second and channel, a tenth of a second or
// more. Never reads outside `bytes`. InvalidArgument, with the reason, for anything else.
absl::StatusOr<Sound> ParseWav(std::string_view bytes);

}  // namespace giot::quality
