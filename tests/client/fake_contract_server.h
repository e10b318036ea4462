#pragma once

#include <functional>
#include <memory>
#include <string>

#include "giot/v1/contract.grpc.pb.h"
#include "grpcpp/server_context.h"
#include "tests/client/loopback_server.h"

namespace giot::client {

// What GenerateContract answers. Called by gRPC's threads.
using Handler = std::function<grpc::Status(grpc::ServerContext&, const v1::GenerateContractRequest&,
                                           v1::GenerateContractResponse&)>;

// A posted menu with a true certificate: the exact optimum, or the menu of mean
// levels (honest_reply.h) where the optimum is not known.
grpc::Status AnswerHonestly(grpc::ServerContext& context, const v1::GenerateContractRequest& request,
                            v1::GenerateContractResponse& reply);

// RESOURCE_EXHAUSTED that asks the caller to wait.
grpc::Status AnswerOverloaded(int retry_after_ms);

// A contract service on a free port of the loopback, healthy, for as long as it lives.
class FakeContractServer {
 public:
  explicit FakeContractServer(Handler handler = AnswerHonestly);
  ~FakeContractServer();

  const std::string& address() const { return server_->address(); }
  void SetServing(bool serving);

 private:
  class Service;

  std::unique_ptr<Service> service_;
  std::unique_ptr<LoopbackServer> server_;
};

}  // namespace giot::client
