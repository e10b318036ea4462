#include "server/quality/measured_score.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "models/quality/sha256.h"

namespace giot::scoring {
namespace {

constexpr double kStaleFreshness = 0.5;  // As quality::Flag has it.

bool WasSeen(const quality::SourceHistory& history, const Measured& measured) {
  return std::any_of(history.seen.begin(), history.seen.end(),
                     [&](const quality::SeenImage& seen) { return seen.sha256 == measured.seen.sha256; });
}

}  // namespace

quality::SensingScore SettleMeasured(Measured measured, const quality::Capture& capture,
                                     const quality::SourceHistory& history) {
  const bool is_corrupt = !capture.sha256.empty() && capture.sha256 != quality::BytesOf(measured.seen.sha256);
  const bool is_replay = WasSeen(history, measured);
  quality::SensingScore score;
  if (is_corrupt) {
    score.flags.push_back(quality::Flag::kCorrupt);
    score.reasons.emplace_back("differs from the stated SHA-256");
  }
  if (is_replay) {
    score.flags.push_back(quality::Flag::kReplay);
    score.reasons.emplace_back("the same was sent before");
  }
  if (measured.freshness < kStaleFreshness) score.flags.push_back(quality::Flag::kStale);
  if (!capture.is_signed) score.flags.push_back(quality::Flag::kUnsigned);
  std::move(measured.reasons.begin(), measured.reasons.end(), std::back_inserter(score.reasons));
  score.integrity = is_corrupt || is_replay ? 0.0 : 1.0;
  score.resolution = 1.0;
  score.freshness = measured.freshness;
  score.quality = score.quality_lower = score.quality_upper = score.integrity * measured.quality;
  score.seen = measured.seen;
  return score;
}

}  // namespace giot::scoring
