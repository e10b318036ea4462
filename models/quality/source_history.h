#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>

namespace giot::quality {

// What is kept of an image that was scored.
struct SeenImage {
  std::array<std::uint8_t, 32> sha256{};
  std::uint64_t perceptual_hash = 0;
  std::int64_t captured_at_us = 0;
  double latitude = 0.0;
  double longitude = 0.0;
};

// The last images of one source, oldest first; at most kCapacity. Plain data: whoever
// keeps it across restarts writes its fields.
struct SourceHistory {
  static constexpr std::size_t kCapacity = 64;
  std::deque<SeenImage> seen;
};

// Appends, forgetting the oldest where full.
void Remember(SourceHistory& history, const SeenImage& image);

}  // namespace giot::quality
