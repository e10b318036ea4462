#include "models/quality/integrity.h"

#include <cmath>

#include "models/quality/geodesy.h"
#include "models/quality/perceptual_hash.h"

namespace giot::quality {
namespace {

constexpr double kFrozenSeconds = 1.0;
constexpr double kFrozenMetres = 5.0;

double SecondsBetween(const SeenImage& earlier, const SeenImage& later) {
  // Whoever cheats may also say that time ran backwards.
  return std::abs(static_cast<double>(later.captured_at_us) - static_cast<double>(earlier.captured_at_us)) * 1e-6;
}

bool LooksTheSame(const SeenImage& a, const SeenImage& b) {
  return HashDistance(a.perceptual_hash, b.perceptual_hash) <= kSamePictureDistance;
}

bool HasMoved(const SeenImage& a, const SeenImage& b) {
  return DistanceMetres(a.latitude, a.longitude, b.latitude, b.longitude) > kFrozenMetres;
}

}  // namespace

RepeatFinding FindRepeat(const SourceHistory& history, const SeenImage& image) {
  RepeatFinding finding;
  bool unbroken = true;
  for (auto seen = history.seen.rbegin(); seen != history.seen.rend(); ++seen) {
    const double seconds = SecondsBetween(*seen, image);
    if (seen->sha256 == image.sha256) return {RepeatFinding::Kind::kReplay, seconds};
    const bool same = LooksTheSame(*seen, image);
    unbroken = unbroken && same;
    if (!same || finding.kind == RepeatFinding::Kind::kFrozen) continue;
    if (unbroken && seconds > kFrozenSeconds && HasMoved(*seen, image)) {
      finding = {RepeatFinding::Kind::kFrozen, seconds};
    } else if (finding.kind == RepeatFinding::Kind::kNone) {
      finding = {RepeatFinding::Kind::kSuspect, seconds};
    }
  }
  return finding;
}

}  // namespace giot::quality
