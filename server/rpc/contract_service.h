#pragma once

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <memory>

#include "giot/v1/contract.grpc.pb.h"
#include "server/engine/admission.h"
#include "server/engine/contract_engine.h"
#include "server/engine/model_registry.h"
#include "server/rpc/message_pool.h"

namespace giot::rpc {

struct ContractServiceOptions {
  engine::EngineOptions engine;
  int max_samples = 4096;
  int max_concurrent = 256;  // Requests computed at once, streamed ones included.
  int max_streams = 1024;    // Open StreamContracts calls.
};

// giot.v1.ContractService. Computes in the thread that gRPC calls it on: an
// answer takes tens of microseconds, less than handing it over would.
class ContractService final : public v1::ContractService::CallbackService {
 public:
  // The registry must outlive the service.
  ContractService(const engine::ModelRegistry* registry, const ContractServiceOptions& options);
  ~ContractService() override;

  grpc::ServerUnaryReactor* GenerateContract(grpc::CallbackServerContext* context,
                                             const v1::GenerateContractRequest* request,
                                             v1::GenerateContractResponse* response) override;
  grpc::ServerBidiReactor<v1::StreamContractsRequest, v1::StreamContractsResponse>* StreamContracts(
      grpc::CallbackServerContext* context) override;
  grpc::ServerUnaryReactor* ListModels(grpc::CallbackServerContext* context, const v1::ListModelsRequest* request,
                                       v1::ListModelsResponse* response) override;

  // From now on new calls get UNAVAILABLE, which tells a client to try elsewhere,
  // and every open stream ends so once it has answered the request it is at.
  void Drain();

 private:
  class Stream;
  class StreamSet;

  absl::Status Answer(grpc::CallbackServerContext& context, const v1::GenerateContractRequest& request,
                      v1::GenerateContractResponse& response);

  const engine::ModelRegistry* const registry_;
  const ContractServiceOptions options_;
  const engine::ContractEngine engine_;
  engine::Admission admission_;
  MessagePool<v1::GenerateContractRequest, v1::GenerateContractResponse> messages_;
  std::atomic<bool> draining_ = false;
  const std::unique_ptr<StreamSet> streams_;
};

}  // namespace giot::rpc
