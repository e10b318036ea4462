#include "client/local_scoring.h"

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "models/quality/audio.h"
#include "models/quality/sha256.h"
#include "proto/quality/score_message.h"

namespace giot::client {
namespace {

quality::Capture CaptureFrom(const v1::Capture& from) {
  quality::Capture to;
  to.source_id = from.source_id();
  to.captured_at_us = from.captured_at_us();
  to.latitude = from.latitude();
  to.longitude = from.longitude();
  to.sha256 = from.sha256();
  return to;
}

quality::Requirements RequirementsFrom(const v1::SensingRequirements& from, std::int64_t received_at_us) {
  quality::Requirements to;
  to.received_at_us = received_at_us;
  if (from.width() != 0) to.width = from.width();
  if (from.height() != 0) to.height = from.height();
  if (from.has_fresh_for_s()) to.fresh_for_s = from.fresh_for_s();
  if (from.has_age_scale_s()) to.age_scale_s = from.age_scale_s();
  return to;
}

}  // namespace

LocalScoring::LocalScoring(quality::QualityModel model, std::function<std::int64_t()> now_us, std::string nonce)
    : model_(std::move(model)), now_us_(std::move(now_us)), nonce_(std::move(nonce)) {}

void LocalScoring::Begin(const v1::ScoreSensingQualityRequest& /*request*/) {}

absl::StatusOr<v1::SensingQualityScore> LocalScoring::Finish(const v1::ScoreSensingQualityRequest& request) {
  if (request.has_image()) return ScoreImage(request);
  if (request.has_audio()) return ScoreAudio(request);
  return absl::InvalidArgumentError("data: got neither, want image or audio");
}

absl::StatusOr<v1::SensingQualityScore> LocalScoring::ScoreImage(const v1::ScoreSensingQualityRequest& request) {
  const quality::Requirements requirements = RequirementsFrom(request.requirements(), now_us_());
  absl::StatusOr<quality::SensingScore> score =
      quality::ScoreImage(model_, request.image(), CaptureFrom(request.capture()), requirements, nonce_, history_,
                          {.heat_map = request.heat_map(), .reference = request.reference_image()});
  if (!score.ok()) return score.status();
  quality::Remember(history_, score->seen);
  v1::SensingQualityScore reply;
  quality::FillScore(*score, requirements, reply);
  quality::FillModel(model_, *reply.mutable_model());
  reply.set_nonce(nonce_);
  reply.set_data_sha256(std::string(quality::BytesOf(score->seen.sha256)));
  return reply;
}

absl::StatusOr<v1::SensingQualityScore> LocalScoring::ScoreAudio(const v1::ScoreSensingQualityRequest& request) const {
  const quality::Requirements requirements = RequirementsFrom(request.requirements(), now_us_());
  absl::StatusOr<quality::AudioScore> measured =
      quality::ScoreAudio(request.audio(), CaptureFrom(request.capture()), requirements);
  if (!measured.ok()) return measured.status();
  quality::SensingScore score;
  score.quality = score.quality_lower = score.quality_upper = measured->quality;
  score.freshness = measured->freshness;
  score.resolution = score.integrity = 1.0;
  score.flags.push_back(quality::Flag::kUnsigned);
  score.reasons = measured->reasons;
  v1::SensingQualityScore reply;
  quality::FillScore(score, requirements, reply);
  quality::FillAudio(*measured, *reply.mutable_audio());
  reply.set_data_sha256(std::string(quality::BytesOf(quality::Sha256(request.audio()))));
  return reply;
}

}  // namespace giot::client
