#include "models/quality/sensing_score.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <exception>
#include <new>
#include <opencv2/core/mat.hpp>

#include "absl/strings/str_cat.h"
#include "models/quality/cell_grid.h"
#include "models/quality/decode.h"
#include "models/quality/gmsd.h"
#include "models/quality/heat_map.h"
#include "models/quality/image_pyramid.h"
#include "models/quality/integrity.h"
#include "models/quality/perceptual_hash.h"
#include "models/quality/reasons.h"
#include "models/quality/score_terms.h"
#include "models/quality/sha256.h"
#include "models/quality/smoothing.h"

namespace giot::quality {
namespace {

// Older than this share of full freshness counts as stale.
constexpr double kStaleFreshness = 0.5;
// An image and its reference may differ in the ratio of their sides by rounding.
constexpr double kAspectTolerance = 0.02;

constexpr std::array<std::string_view, 7> kFlagNames = {"frozen",  "replay",   "replay suspect",     "stale",
                                                        "corrupt", "unsigned", "out of distribution"};

// A submission decoded, with what everything else is computed from.
struct Decoded {
  cv::Mat image;
  cv::Size size;  // Of the image as submitted, upright.
  ImagePyramid pyramid;
};

absl::StatusOr<Decoded> DecodeChecked(std::string_view bytes) {
  absl::StatusOr<ImageHeader> header = CheckImage(bytes);
  if (!header.ok()) return header.status();
  absl::StatusOr<cv::Mat> image = DecodeImage(bytes, *header);
  if (!image.ok()) return image.status();
  return Decoded{*image, UprightSize(*header), BuildPyramid(*image)};
}

std::uint64_t PatchSeed(std::string_view nonce, const Digest& digest) {
  const Digest hash = Sha256(nonce, BytesOf(digest));
  std::uint64_t seed = 0;
  for (std::size_t i = 0; i < sizeof(seed); ++i) seed |= static_cast<std::uint64_t>(hash[i]) << (8 * i);
  return seed;
}

// How useful an image is still, compared with a better one of the same scene.
absl::StatusOr<double> CompareWithReference(const Decoded& decoded, std::string_view bytes) {
  absl::StatusOr<ImageHeader> header = CheckImage(bytes);
  absl::StatusOr<cv::Mat> reference = header.ok() ? DecodeImage(bytes, *header) : header.status();
  if (!reference.ok()) return absl::InvalidArgumentError(absl::StrCat("reference ", reference.status().message()));
  const double aspect =
      static_cast<double>(reference->cols) * decoded.image.rows / reference->rows / decoded.image.cols;
  if (std::abs(aspect - 1.0) > kAspectTolerance) {
    return absl::InvalidArgumentError(absl::StrCat("reference image: got ", reference->cols, " x ", reference->rows,
                                                   ", want the aspect of ", decoded.image.cols, " x ",
                                                   decoded.image.rows));
  }
  return UsefulnessOfGmsd(AlignedGmsd(decoded.image, *reference));
}

SeenImage Describe(const Decoded& decoded, const Digest& digest, const Capture& capture) {
  return {digest, PerceptualHash(decoded.pyramid.eighth_grey), capture.captured_at_us, capture.latitude,
          capture.longitude};
}

void AddFlags(const Capture& capture, const RepeatFinding& repeat, SensingScore& score) {
  const auto add = [&score](bool holds, Flag flag) {
    if (holds) score.flags.push_back(flag);
  };
  add(repeat.kind == RepeatFinding::Kind::kFrozen, Flag::kFrozen);
  add(repeat.kind == RepeatFinding::Kind::kReplay, Flag::kReplay);
  add(repeat.kind == RepeatFinding::Kind::kSuspect, Flag::kReplaySuspect);
  add(score.freshness < kStaleFreshness, Flag::kStale);
  add(!capture.sha256.empty() && capture.sha256 != BytesOf(score.seen.sha256), Flag::kCorrupt);
  add(!capture.is_signed, Flag::kUnsigned);
}

double IntegrityOf(const std::vector<Flag>& flags) {
  const bool is_broken = std::any_of(flags.begin(), flags.end(), [](Flag flag) {
    return flag == Flag::kFrozen || flag == Flag::kReplay || flag == Flag::kCorrupt;
  });
  return is_broken ? 0.0 : 1.0;
}

// What an image is worth by itself, calibrated, and its bounds.
struct Usefulness {
  double estimate = 0.0, lower = 0.0, upper = 0.0;
};

Usefulness JudgeImage(const QualityModel& model, const RawScore& image, const RawScore& smoothed) {
  const double raw = std::min(image.usefulness, smoothed.usefulness + model.smoothing_allowance);
  const double calibrated = Calibrate(model, raw);
  return {calibrated, std::max(0.0, calibrated - model.margin), std::min(1.0, calibrated + model.margin)};
}

void Settle(const Usefulness& useful, double reference_usefulness, SensingScore& score) {
  const double terms = score.integrity * score.freshness * score.resolution;
  score.quality = terms * std::min(useful.estimate, reference_usefulness);
  score.quality_lower = terms * std::min(useful.lower, reference_usefulness);
  score.quality_upper = terms * std::min(useful.upper, reference_usefulness);
}

absl::StatusOr<SensingScore> Score(const QualityModel& model, std::string_view bytes, const Capture& capture,
                                   const Requirements& requirements, std::string_view nonce,
                                   const SourceHistory& history, const ScoreOptions& options) {
  absl::StatusOr<Decoded> decoded = DecodeChecked(bytes);
  if (!decoded.ok()) return decoded.status();
  absl::StatusOr<double> reference = 1.0;
  if (!options.reference.empty()) reference = CompareWithReference(*decoded, options.reference);
  if (!reference.ok()) return reference.status();

  const Digest digest = Sha256(bytes);
  const FeaturePair features = ComputeFeaturePair(decoded->image, decoded->pyramid, PatchSeed(nonce, digest));
  const RawScore image = Evaluate(model, features.image);
  const RawScore smoothed = Evaluate(model, features.smoothed);

  SensingScore score;
  score.seen = Describe(*decoded, digest, capture);
  score.width = decoded->size.width;
  score.height = decoded->size.height;
  score.factors = image.factors;
  const double age = AgeSeconds(capture, requirements);
  score.freshness = Freshness(age, requirements);
  score.resolution = Resolution(score.width, score.height, requirements);
  const RepeatFinding repeat = FindRepeat(history, score.seen);
  AddFlags(capture, repeat, score);
  if (image.novelty > model.novelty_limit) score.flags.push_back(Flag::kOutOfDistribution);
  score.integrity = IntegrityOf(score.flags);
  Settle(JudgeImage(model, image, smoothed), *reference, score);

  score.reasons = ExplainScore(score, {features.image, decoded->pyramid, repeat, age, *reference});
  if (options.heat_map) score.heat_map = MakeHeatMap(MeasureCells(decoded->pyramid));
  return score;
}

}  // namespace

std::string_view NameOf(Flag flag) { return kFlagNames[static_cast<std::size_t>(flag)]; }

absl::StatusOr<SensingScore> ScoreImage(const QualityModel& model, std::string_view bytes, const Capture& capture,
                                        const Requirements& requirements, std::string_view nonce,
                                        const SourceHistory& history, const ScoreOptions& options) {
  if (absl::Status status = CheckCapture(capture); !status.ok()) return status;
  if (absl::Status status = CheckRequirements(requirements); !status.ok()) return status;
  try {
    return Score(model, bytes, capture, requirements, nonce, history, options);
  } catch (const std::bad_alloc&) {
    return absl::ResourceExhaustedError("image: not enough memory to score it");
  } catch (const std::exception& error) {
    return absl::InvalidArgumentError(absl::StrCat("image: cannot be scored: ", error.what()));
  }
}

}  // namespace giot::quality
