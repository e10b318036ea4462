#include "client/sensing_client.h"

#include <cstdint>
#include <utility>

#include "absl/random/random.h"
#include "absl/strings/str_cat.h"
#include "client/health.h"
#include "grpcpp/client_context.h"

namespace giot::client {

std::string NewSubmissionId() {
  absl::BitGen random;
  const auto half = [&random] { return absl::Hex(absl::Uniform<std::uint64_t>(random), absl::kZeroPad16); };
  return absl::StrCat(half(), half());
}

SensingClient::SensingClient(const std::string& server, const CallOptions& options)
    : SensingClient(OwnConnection(server, options), options) {}

SensingClient::SensingClient(std::shared_ptr<grpc::Channel> channel, const CallOptions& options, Clock& clock)
    : options_(options),
      clock_(clock),
      channel_(std::move(channel)),
      stub_(v1::SensingQualityService::NewStub(channel_)) {}

absl::StatusOr<v1::SensingQualityScore> SensingClient::ScoreSensingQuality(v1::ScoreSensingQualityRequest request) {
  if (request.submission_id().empty()) request.set_submission_id(NewSubmissionId());
  return CallUnary<v1::SensingQualityScore>(options_, clock_,
                                            [&](grpc::ClientContext& context, v1::SensingQualityScore& reply) {
                                              return stub_->ScoreSensingQuality(&context, request, &reply);
                                            });
}

SensingStream SensingClient::OpenStream(absl::Duration lifetime, std::size_t max_in_flight) {
  const auto open = [this](grpc::ClientContext* context) { return stub_->StreamSensingQuality(context); };
  return {open, lifetime, max_in_flight};
}

absl::Status SensingClient::CheckHealth() {
  struct Nothing {};
  return CallUnary<Nothing>(options_, clock_,
                            [&](grpc::ClientContext& context, Nothing&) {
                              return CheckHealthOnce(channel_, context, "giot.v1.SensingQualityService");
                            })
      .status();
}

}  // namespace giot::client
