#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "client/clock.h"
#include "client/connection.h"
#include "client/contract_stream.h"
#include "giot/v1/contract.grpc.pb.h"
#include "grpcpp/channel.h"

namespace giot::client {

using ContractClientOptions = CallOptions;

// giot-server's contract service. Thread-safe; calls block. Statuses are the
// server's own (its codes are absl's), besides UNAVAILABLE if it cannot be
// reached and DEADLINE_EXCEEDED.
class ContractClient {
 public:
  // Connects to "host:port" when first used, without TLS, over a connection that
  // no other client shares.
  explicit ContractClient(const std::string& server, const ContractClientOptions& options = {});
  // Over a channel of the caller's. `clock` outlives the client.
  ContractClient(std::shared_ptr<grpc::Channel> channel, const ContractClientOptions& options,
                 Clock& clock = Clock::Real());

  absl::StatusOr<v1::GenerateContractResponse> GenerateContract(const v1::GenerateContractRequest& request);
  absl::StatusOr<v1::ListModelsResponse> ListModels();

  // Whether the server (or one service of it, if named) says SERVING:
  // UNAVAILABLE if it says anything else, NOT_FOUND if it has no such service.
  absl::Status CheckHealth(const std::string& service = "");

  // For a road-side unit that speaks for many vehicles. The whole stream ends
  // after `lifetime`; nothing on it is retried. As many requests as the server takes may be in flight.
  ContractStream OpenStream(absl::Duration lifetime);

 private:
  ContractClientOptions options_;
  Clock& clock_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::ContractService::Stub> stub_;
};

}  // namespace giot::client
