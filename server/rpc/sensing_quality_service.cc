#include "server/rpc/sensing_quality_service.h"

#include <spdlog/spdlog.h>

#include "absl/strings/escaping.h"
#include "server/rpc/answer_call.h"
#include "server/rpc/answering_stream.h"
#include "server/rpc/sensing_convert.h"
#include "server/rpc/status.h"
#include "server/rpc/still_wanted.h"

namespace giot::rpc {
namespace {

// A client's mistake is the client's to see; a defect of ours is the operator's.
absl::Status LogFailure(const absl::Status& status) {
  if (absl::IsInternal(status)) {
    spdlog::error("event=request_failed model=quality error=\"{}\"", absl::CEscape(status.ToString()));
  }
  return status;
}

}  // namespace

SensingQualityService::SensingQualityService(const absl::StatusOr<scoring::ScoreEngine*>& engine,
                                             const SensingServiceOptions& options)
    : engine_(engine), options_(options), streams_(options.max_streams) {}

void SensingQualityService::Answer(const grpc::CallbackServerContext& context,
                                   const v1::ScoreSensingQualityRequest& request, v1::SensingQualityScore& response,
                                   const Done& done) {
  if (!engine_.ok()) return done(absl::FailedPreconditionError(engine_.status().message()));
  const absl::Status size = CheckMessageSize(request.ByteSizeLong(), options_.max_message_bytes);
  if (!size.ok()) return done(size);
  const absl::StatusOr<scoring::Submission> submission = SubmissionFrom(request);
  if (!submission.ok()) return done(submission.status());
  (*engine_)->Score(
      *submission, [&context] { return StillWanted(context); },
      [this, &response, done](const absl::StatusOr<scoring::Scored>& scored) {
        if (scored.ok()) ToProto(*scored, **engine_, response);
        done(LogFailure(scored.status()));
      });
}

grpc::ServerUnaryReactor* SensingQualityService::ScoreSensingQuality(grpc::CallbackServerContext* context,
                                                                     const v1::ScoreSensingQualityRequest* request,
                                                                     v1::SensingQualityScore* response) {
  return AnswerCall(draining_, context, [&](const Done& done) { Answer(*context, *request, *response, done); });
}

grpc::ServerBidiReactor<v1::StreamSensingQualityRequest, v1::StreamSensingQualityResponse>*
SensingQualityService::StreamSensingQuality(grpc::CallbackServerContext* context) {
  using Stream = AnsweringStream<v1::StreamSensingQualityRequest, v1::StreamSensingQualityResponse>;
  return Stream::Open(&streams_, [this, context](const v1::StreamSensingQualityRequest& request,
                                                 v1::StreamSensingQualityResponse& response, const Stream::Done& done) {
    Answer(*context, request.request(), *response.mutable_response(), done);
  });
}

void SensingQualityService::Drain() {
  draining_ = true;
  streams_.Drain();
}

}  // namespace giot::rpc
