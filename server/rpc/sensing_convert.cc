#include "server/rpc/sensing_convert.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "proto/quality/score_message.h"

namespace giot::rpc {
namespace {

constexpr std::size_t kMostSourceIdBytes = 128;
constexpr std::size_t kMostSubmissionIdBytes = 64;
constexpr int kMostPixelsASide = 65535;
constexpr double kMostSeconds = 86400.0;
constexpr double kMostSpeed =
    1000.0;  // Metres per second: more than any vehicle does, and all that is reckoned stays finite.

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

absl::Status CheckImageOnly(const v1::ScoreSensingQualityRequest& request) {
  if (const std::size_t bytes = request.reference_image().size(); bytes > 0) {
    return Bad("reference_image", absl::StrCat(bytes, " bytes"), "none with data that is no image");
  }
  if (request.heat_map()) return Bad("heat_map", "true", "false with data that is no image");
  return absl::OkStatus();
}

absl::Status FillMotion(const v1::Telemetry& from, scoring::Motion& to) {
  // Both are false for what is no number.
  if (!(from.speed() >= 0.0 && from.speed() <= kMostSpeed)) {
    return Bad("telemetry.speed", from.speed(), absl::StrCat("0 to ", kMostSpeed, " m/s"));
  }
  if (!(from.heading() >= 0.0 && from.heading() < 360.0)) {
    return Bad("telemetry.heading", from.heading(), "degrees from 0 to less than 360");
  }
  to = {from.speed(), from.heading()};
  return absl::OkStatus();
}

absl::Status FillData(const v1::ScoreSensingQualityRequest& from, scoring::Data& to) {
  switch (from.data_case()) {
    case v1::ScoreSensingQualityRequest::kImage:
      to = scoring::Image{from.image(), from.reference_image(), from.heat_map()};
      return absl::OkStatus();
    case v1::ScoreSensingQualityRequest::kAudio:
      to = scoring::Recording{from.audio()};
      return CheckImageOnly(from);
    case v1::ScoreSensingQualityRequest::kTelemetry: {
      absl::Status status = CheckImageOnly(from);
      status.Update(FillMotion(from.telemetry(), to.emplace<scoring::Motion>()));
      return status;
    }
    case v1::ScoreSensingQualityRequest::DATA_NOT_SET:
      break;
  }
  return Bad("data", "none", "image, audio or telemetry");
}

std::string BytesOf(const scoring::Digest& digest) { return std::string(quality::BytesOf(digest)); }

}  // namespace

absl::StatusOr<quality::Requirements> RequirementsFrom(const v1::SensingRequirements& message) {
  quality::Requirements requirements;
  if (absl::Status status = FillRequirements(message, requirements); !status.ok()) return status;
  return requirements;
}

absl::StatusOr<scoring::Submission> SubmissionFrom(const v1::ScoreSensingQualityRequest& request) {
  scoring::Submission submission;
  absl::Status status = FillData(request, submission.data);
  status.Update(FillCapture(request.capture(), submission.capture));
  status.Update(FillSignature(request.capture(), submission.signature));
  status.Update(FillRequirements(request.requirements(), submission.requirements));
  if (const std::size_t bytes = request.submission_id().size(); bytes > kMostSubmissionIdBytes) {
    status.Update(
        Bad("submission_id", absl::StrCat(bytes, " bytes"), absl::StrCat("at most ", kMostSubmissionIdBytes)));
  }
  if (!status.ok()) return status;
  submission.submission_id = request.submission_id();
  return submission;
}

void ToProto(const scoring::Scored& scored, const scoring::ScoreEngine& engine, v1::SensingQualityScore& to) {
  quality::FillScore(scored.score, scored.requirements, to);
  if (scored.recording) {
    quality::FillAudio(*scored.recording, *to.mutable_audio());
  } else if (scored.report) {
    quality::FillTelemetry(*scored.report, *to.mutable_telemetry());
  } else {
    quality::FillModel(engine.model(), *to.mutable_model());
  }
  if (scored.nonce) to.set_nonce(BytesOf(*scored.nonce));
  to.set_nonce_commitment(BytesOf(engine.nonce_commitment()));
  to.set_data_sha256(BytesOf(scored.data_sha256));
  to.set_repeated(scored.repeated);
  to.set_queue_us(scored.waited.count());
  to.set_score_us(scored.took.count());
}

}  // namespace giot::rpc
