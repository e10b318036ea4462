#pragma once

#include <functional>
#include <memory>
#include <string>

#include "giot/v1/sensing_quality.grpc.pb.h"
#include "grpcpp/server_context.h"
#include "tests/client/loopback_server.h"

namespace giot::client {

// What ScoreSensingQuality and StreamSensingQuality answer. Called by gRPC's threads.
using SensingHandler = std::function<grpc::Status(const v1::ScoreSensingQualityRequest&, v1::SensingQualityScore&)>;

// INVALID_ARGUMENT for an image of the bytes "bad", else a score of .75 with a flag and two
// reasons, and a heat map of 2 x 1 cells where asked for.
grpc::Status ScoreLeniently(const v1::ScoreSensingQualityRequest& request, v1::SensingQualityScore& score);

// A sensing quality service on a free port of the loopback, for as long as it lives.
class FakeSensingServer {
 public:
  explicit FakeSensingServer(SensingHandler handler = ScoreLeniently);
  ~FakeSensingServer();

  const std::string& address() const { return server_->address(); }

 private:
  class Service;

  std::unique_ptr<Service> service_;
  std::unique_ptr<LoopbackServer> server_;
};

}  // namespace giot::client
