#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "models/quality/quality_model.h"
#include "models/quality/source_history.h"

namespace giot::quality {

// Where and when an image was taken, as the vehicle says.
struct Capture {
  std::string source_id;            // Vehicle and camera.
  std::int64_t captured_at_us = 0;  // Unix time.
  double latitude = 0.0;            // Degrees.
  double longitude = 0.0;
  std::string sha256;      // Of the bytes, 32 bytes; empty: not stated.
  bool is_signed = false;  // The caller verified a signature over metadata and digest.
};

// What the task asks for.
struct Requirements {
  std::int64_t received_at_us = 0;  // Server's clock, Unix time.
  double fresh_for_s = 1.0;         // t0: age of information that costs nothing.
  double age_scale_s = 5.0;         // tau: freshness = exp(-max(0, age - t0) / tau).
  int width = 1280;                 // resolution = min(1, sqrt(W H / (width height))).
  int height = 720;
};

// Frozen, replayed and corrupt images have integrity 0; the others change no score. Stale: freshness below 1/2,
// which is 0 where the capture time lies more than 5 s ahead.
enum class Flag { kFrozen, kReplay, kReplaySuspect, kStale, kCorrupt, kUnsigned, kOutOfDistribution };
std::string_view NameOf(Flag flag);

// Which cells of a grid over the image cannot be used, row by row; 0 usable .. 1 not.
struct HeatMap {
  int columns = 0;
  int rows = 0;
  std::vector<float> unusable;
};

// All of [0, 1]. quality = integrity x freshness x resolution x G(raw); payment follows
// quality_lower, its conformal lower bound.
struct SensingScore {
  double quality = 0.0;
  double quality_lower = 0.0;
  double quality_upper = 0.0;
  std::array<double, kFactors> factors{};
  double resolution = 0.0;
  double freshness = 0.0;
  double integrity = 0.0;  // 0 where replayed, frozen or corrupt; else 1.
  std::vector<Flag> flags;
  std::vector<std::string> reasons;  // For people, the weightiest first; empty for a flawless image.
  int width = 0;
  int height = 0;
  std::optional<HeatMap> heat_map;
  SeenImage seen;  // For Remember().
};

struct ScoreOptions {
  bool heat_map = false;
  std::string_view reference;  // Encoded image of the same scene; empty: none.
};

// Scores an encoded image (JPEG, PNG or WebP): a pure function of its arguments.
// `nonce` (any bytes) was made by the server after submission and jitters the patches.
// `history` is that of capture.source_id and is not changed: Remember() what was scored.
// InvalidArgument, with the reason, for what is refused: unknown, empty, truncated, animated, too large
// (decode.h has the limits), metadata or requirements out of range. ResourceExhausted without memory. A digest
// that does not match is no refusal but flag kCorrupt, quality 0.
absl::StatusOr<SensingScore> ScoreImage(const QualityModel& model, std::string_view bytes, const Capture& capture,
                                        const Requirements& requirements, std::string_view nonce,
                                        const SourceHistory& history, const ScoreOptions& options = {});

}  // namespace giot::quality
