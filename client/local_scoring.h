#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "client/scoring.h"
#include "models/quality/quality_model.h"
#include "models/quality/sensing_score.h"
#include "models/quality/source_history.h"

namespace giot::client {

// Scoring on this machine, by the same functions as a server's: images, against those that it scored before,
// all of one source, with one nonce; recordings each by itself. Unless the nonce is that of a server's score, its score
// of an image differs by as much as where its nonce has it look. Signatures are not verified.
class LocalScoring final : public Scoring {
 public:
  // `now_us`: Unix time, microseconds, at which what is scored arrives.
  LocalScoring(quality::QualityModel model, std::function<std::int64_t()> now_us,
               std::string nonce = "a nonce of no server");

  void Begin(const v1::ScoreSensingQualityRequest& request) override;
  // InvalidArgument as quality::ScoreImage and quality::ScoreAudio have it, and for telemetry, which says
  // nothing without its source's history.
  absl::StatusOr<v1::SensingQualityScore> Finish(const v1::ScoreSensingQualityRequest& request) override;

 private:
  absl::StatusOr<v1::SensingQualityScore> ScoreImage(const v1::ScoreSensingQualityRequest& request);
  absl::StatusOr<v1::SensingQualityScore> ScoreAudio(const v1::ScoreSensingQualityRequest& request) const;

  const quality::QualityModel model_;
  const std::function<std::int64_t()> now_us_;
  const std::string nonce_;
  quality::SourceHistory history_;
};

}  // namespace giot::client
