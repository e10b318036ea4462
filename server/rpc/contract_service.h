#pragma once

#include <grpcpp/grpcpp.h>

#include <atomic>

#include "giot/v1/contract.grpc.pb.h"
#include "server/engine/model_registry.h"
#include "server/rpc/answerer.h"
#include "server/rpc/contract_service_options.h"
#include "server/rpc/message_pool.h"
#include "server/rpc/open_streams.h"

namespace giot::rpc {

// giot.v1.ContractService: what of it is gRPC's reactors.
class ContractService final : public v1::ContractService::CallbackService {
 public:
  // The registry must outlive the service.
  ContractService(const engine::ModelRegistry* registry, const ContractServiceOptions& options);

  grpc::ServerUnaryReactor* GenerateContract(grpc::CallbackServerContext* context,
                                             const v1::GenerateContractRequest* request,
                                             v1::GenerateContractResponse* response) override;
  grpc::ServerBidiReactor<v1::StreamContractsRequest, v1::StreamContractsResponse>* StreamContracts(
      grpc::CallbackServerContext* context) override;
  grpc::ServerUnaryReactor* ListModels(grpc::CallbackServerContext* context, const v1::ListModelsRequest* request,
                                       v1::ListModelsResponse* response) override;

  // Designs a menu for another service's call, as for GenerateContract: refuses what is too large for a market, or
  // fills `response`, and calls `done`, once, before it returns or later on another thread. What it refers to must live
  // until then.
  void Answer(const grpc::CallbackServerContext& context, const v1::GenerateContractRequest& request,
              v1::GenerateContractResponse& response, const Answerer::Done& done);

  // From now on new calls get UNAVAILABLE, which tells a client to try elsewhere,
  // and every open stream ends so once it has answered the request it is at.
  void Drain();

 private:
  const engine::ModelRegistry* const registry_;
  const ContractServiceOptions options_;
  MessagePool<v1::GenerateContractRequest, v1::GenerateContractResponse> messages_;
  std::atomic<bool> draining_ = false;
  OpenStreams streams_;
  Answerer answerer_;  // Last: what it still works on uses the others.
};

}  // namespace giot::rpc
