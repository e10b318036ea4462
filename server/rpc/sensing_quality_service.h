#pragma once

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <functional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "giot/v1/sensing_quality.grpc.pb.h"
#include "server/quality/score_engine.h"
#include "server/rpc/open_streams.h"

namespace giot::rpc {

struct SensingServiceOptions {
  int max_message_bytes = 16 << 20;  // Largest request.
  int max_streams = 256;             // Open StreamSensingQuality calls.
};

// giot.v1.SensingQualityService. gRPC's threads only take messages in and hand them
// over: everything that looks into what is delivered runs on the engine's.
class SensingQualityService final : public v1::SensingQualityService::CallbackService {
 public:
  // The engine must outlive the service. Without one, every call is answered with
  // FAILED_PRECONDITION and why there is none.
  SensingQualityService(const absl::StatusOr<scoring::ScoreEngine*>& engine, const SensingServiceOptions& options);

  grpc::ServerUnaryReactor* ScoreSensingQuality(grpc::CallbackServerContext* context,
                                                const v1::ScoreSensingQualityRequest* request,
                                                v1::SensingQualityScore* response) override;
  grpc::ServerBidiReactor<v1::StreamSensingQualityRequest, v1::StreamSensingQualityResponse>* StreamSensingQuality(
      grpc::CallbackServerContext* context) override;

  // From now on new calls get UNAVAILABLE, and every open stream ends so once it has
  // answered the request it is at.
  void Drain();

 private:
  using Done = std::function<void(const absl::Status&)>;

  // Fills `response` and calls `done`, once; what it refers to must live until then.
  void Answer(const grpc::CallbackServerContext& context, const v1::ScoreSensingQualityRequest& request,
              v1::SensingQualityScore& response, const Done& done);

  const absl::StatusOr<scoring::ScoreEngine*> engine_;
  const SensingServiceOptions options_;
  std::atomic<bool> draining_ = false;
  OpenStreams streams_;
};

}  // namespace giot::rpc
