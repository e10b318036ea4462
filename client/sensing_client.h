#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "client/clock.h"
#include "client/connection.h"
#include "client/sensing_stream.h"
#include "giot/v1/sensing_quality.grpc.pb.h"
#include "grpcpp/channel.h"

namespace giot::client {

// A submission_id that nobody else has: 128 random bits, in hex.
std::string NewSubmissionId();

// giot-server's sensing quality service. Thread-safe; calls block. Statuses are the
// server's own, besides UNAVAILABLE if it cannot be reached and DEADLINE_EXCEEDED.
class SensingClient {
 public:
  // Connects to "host:port" when first used, without TLS, over a connection that
  // no other client shares.
  explicit SensingClient(const std::string& server, const CallOptions& options = {});
  // Over a channel of the caller's. `clock` outlives the client.
  SensingClient(std::shared_ptr<grpc::Channel> channel, const CallOptions& options, Clock& clock = Clock::Real());

  // Delivers an image, a recording or a report. A request without a submission_id gets a random one, so that a
  // retry whose first answer was lost is not taken for a replay.
  absl::StatusOr<v1::SensingQualityScore> ScoreSensingQuality(v1::ScoreSensingQualityRequest request);

  // For a road-side unit that speaks for many vehicles. The whole stream ends after `lifetime`; nothing
  // on it is retried: who wants to repeat a request gives it a submission_id. Requires max_in_flight >= 1.
  SensingStream OpenStream(absl::Duration lifetime, std::size_t max_in_flight);

  // Whether the server has a quality model: UNAVAILABLE if not.
  absl::Status CheckHealth();

 private:
  CallOptions options_;
  Clock& clock_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::SensingQualityService::Stub> stub_;
};

}  // namespace giot::client
