#pragma once

#include "absl/status/statusor.h"
#include "giot/v1/sensing_quality.pb.h"
#include "server/quality/score_engine.h"

namespace giot::rpc {

// What the request delivers; it points into the request. InvalidArgument, naming the
// field, what it got and what it wanted.
absl::StatusOr<scoring::Submission> SubmissionFrom(const v1::ScoreSensingQualityRequest& request);

// With defaults filled in; received_at_us is not the request's to say. InvalidArgument naming the field,
// "requirements.width", what it got and what it wanted.
absl::StatusOr<quality::Requirements> RequirementsFrom(const v1::SensingRequirements& message);

void ToProto(const scoring::Scored& scored, const scoring::ScoreEngine& engine, v1::SensingQualityScore& score);

}  // namespace giot::rpc
