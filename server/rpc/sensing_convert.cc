#include "server/rpc/sensing_convert.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"

namespace giot::rpc {
namespace {

constexpr std::size_t kMostSourceIdBytes = 128;
constexpr std::size_t kMostSubmissionIdBytes = 64;
constexpr int kMostPixelsASide = 65535;
constexpr double kMostSeconds = 86400.0;

absl::Status Bad(absl::string_view field, const absl::AlphaNum& got, absl::string_view wanted) {
  return absl::InvalidArgumentError(absl::StrCat(field, ": got ", got, ", want ", wanted));
}

absl::Status CheckSize(absl::string_view field, std::size_t got, std::size_t wanted) {
  if (got == wanted) return absl::OkStatus();
  return Bad(field, absl::StrCat(got, " bytes"), absl::StrCat(wanted));
}

absl::Status CheckDegrees(absl::string_view field, double got, double most) {
  if (std::abs(got) <= most) return absl::OkStatus();  // Not so if it is no number.
  return Bad(field, got, absl::StrCat("degrees from -", most, " to ", most));
}

absl::Status FillCapture(const v1::Capture& from, quality::Capture& to) {
  const std::size_t id_bytes = from.source_id().size();
  if (id_bytes == 0 || id_bytes > kMostSourceIdBytes) {
    return Bad("capture.source_id", absl::StrCat(id_bytes, " bytes"), absl::StrCat("1 to ", kMostSourceIdBytes));
  }
  if (from.captured_at_us() <= 0) return Bad("capture.captured_at_us", from.captured_at_us(), "above 0");
  absl::Status status = CheckDegrees("capture.latitude", from.latitude(), 90.0);
  status.Update(CheckDegrees("capture.longitude", from.longitude(), 180.0));
  if (!from.sha256().empty()) status.Update(CheckSize("capture.sha256", from.sha256().size(), sizeof(scoring::Digest)));
  to.source_id = from.source_id();
  to.captured_at_us = from.captured_at_us();
  to.latitude = from.latitude();
  to.longitude = from.longitude();
  to.sha256 = from.sha256();
  return status;
}

absl::Status FillSignature(const v1::Capture& from, std::optional<quality::CaptureSignature>& to) {
  if (from.public_key().empty() && from.signature().empty()) return absl::OkStatus();
  quality::CaptureSignature signature;
  absl::Status status = CheckSize("capture.public_key", from.public_key().size(), signature.public_key.size());
  status.Update(CheckSize("capture.signature", from.signature().size(), signature.signature.size()));
  if (!status.ok()) return status;
  std::copy(from.public_key().begin(), from.public_key().end(), signature.public_key.begin());
  std::copy(from.signature().begin(), from.signature().end(), signature.signature.begin());
  to = signature;
  return absl::OkStatus();
}

absl::Status CheckPixels(absl::string_view field, int got) {
  if (got >= 0 && got <= kMostPixelsASide) return absl::OkStatus();
  return Bad(field, got, absl::StrCat("1 to ", kMostPixelsASide, " pixels, or 0 for the default"));
}

absl::Status FillRequirements(const v1::SensingRequirements& from, quality::Requirements& to) {
  absl::Status status = CheckPixels("requirements.width", from.width());
  status.Update(CheckPixels("requirements.height", from.height()));
  if (from.width() > 0) to.width = from.width();
  if (from.height() > 0) to.height = from.height();
  if (from.has_fresh_for_s()) {
    to.fresh_for_s = from.fresh_for_s();
    if (!(to.fresh_for_s >= 0.0 && to.fresh_for_s <= kMostSeconds)) {
      status.Update(Bad("requirements.fresh_for_s", to.fresh_for_s, "seconds from 0 to a day"));
    }
  }
  if (from.has_age_scale_s()) {
    to.age_scale_s = from.age_scale_s();
    if (!(to.age_scale_s > 0.0 && to.age_scale_s <= kMostSeconds)) {
      status.Update(Bad("requirements.age_scale_s", to.age_scale_s, "seconds above 0, at most a day"));
    }
  }
  return status;
}

v1::SensingFlag ToProto(quality::Flag flag) {
  switch (flag) {
    case quality::Flag::kFrozen:
      return v1::SENSING_FLAG_FROZEN;
    case quality::Flag::kReplay:
      return v1::SENSING_FLAG_REPLAY;
    case quality::Flag::kReplaySuspect:
      return v1::SENSING_FLAG_REPLAY_SUSPECT;
    case quality::Flag::kStale:
      return v1::SENSING_FLAG_STALE;
    case quality::Flag::kCorrupt:
      return v1::SENSING_FLAG_CORRUPT;
    case quality::Flag::kUnsigned:
      return v1::SENSING_FLAG_UNSIGNED;
    case quality::Flag::kOutOfDistribution:
      return v1::SENSING_FLAG_OUT_OF_DISTRIBUTION;
  }
  return v1::SENSING_FLAG_UNSPECIFIED;
}

void ToProto(const quality::SensingScore& from, v1::SensingFactors& to) {
  const auto factor = [&from](quality::Factor which) { return from.factors[static_cast<std::size_t>(which)]; };
  to.set_sharpness(factor(quality::Factor::kSharpness));
  to.set_noise(factor(quality::Factor::kNoise));
  to.set_exposure(factor(quality::Factor::kExposure));
  to.set_compression(factor(quality::Factor::kCompression));
  to.set_visibility(factor(quality::Factor::kVisibility));
  to.set_occlusion(factor(quality::Factor::kOcclusion));
  to.set_resolution(from.resolution);
  to.set_freshness(from.freshness);
  to.set_integrity(from.integrity);
}

void ToProto(const quality::Requirements& from, v1::SensingRequirements& to) {
  to.set_width(from.width);
  to.set_height(from.height);
  to.set_fresh_for_s(from.fresh_for_s);
  to.set_age_scale_s(from.age_scale_s);
}

void ToProto(const quality::QualityModel& from, v1::SensingModel& to) {
  to.set_name(from.name);
  to.set_version(from.version);
  to.set_digest(from.digest);
  to.set_coverage(from.coverage);
}

std::string BytesOf(const scoring::Digest& digest) { return std::string(quality::BytesOf(digest)); }

}  // namespace

absl::StatusOr<scoring::Submission> SubmissionFrom(const v1::ScoreSensingQualityRequest& request) {
  if (request.data_case() != v1::ScoreSensingQualityRequest::kImage) {
    return absl::InvalidArgumentError("data: got none, want image");
  }
  scoring::Submission submission;
  absl::Status status = FillCapture(request.capture(), submission.capture);
  status.Update(FillSignature(request.capture(), submission.signature));
  status.Update(FillRequirements(request.requirements(), submission.requirements));
  if (const std::size_t bytes = request.submission_id().size(); bytes > kMostSubmissionIdBytes) {
    status.Update(
        Bad("submission_id", absl::StrCat(bytes, " bytes"), absl::StrCat("at most ", kMostSubmissionIdBytes)));
  }
  if (!status.ok()) return status;
  submission.image = request.image();
  submission.reference = request.reference_image();
  submission.heat_map = request.heat_map();
  submission.submission_id = request.submission_id();
  return submission;
}

void ToProto(const scoring::Scored& scored, const scoring::ScoreEngine& engine, v1::SensingQualityScore& to) {
  const quality::SensingScore& score = scored.score;
  to.set_quality(score.quality);
  to.set_quality_lower(score.quality_lower);
  to.set_quality_upper(score.quality_upper);
  ToProto(score, *to.mutable_factors());
  for (const quality::Flag flag : score.flags) to.add_flags(ToProto(flag));
  for (const std::string& reason : score.reasons) to.add_reasons(reason);
  if (score.heat_map) {
    v1::SensingHeatMap& map = *to.mutable_heat_map();
    map.set_columns(score.heat_map->columns);
    map.set_rows(score.heat_map->rows);
    map.mutable_unusable()->Assign(score.heat_map->unusable.begin(), score.heat_map->unusable.end());
  }
  to.set_width(score.width);
  to.set_height(score.height);
  ToProto(engine.model(), *to.mutable_model());
  ToProto(scored.requirements, *to.mutable_requirements());
  to.set_received_at_us(scored.requirements.received_at_us);
  to.set_nonce(BytesOf(scored.nonce));
  to.set_nonce_commitment(BytesOf(engine.nonce_commitment()));
  to.set_image_sha256(BytesOf(scored.image_sha256));
  to.set_repeated(scored.repeated);
  to.set_queue_us(scored.waited.count());
  to.set_score_us(scored.took.count());
}

}  // namespace giot::rpc
