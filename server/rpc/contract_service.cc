#include "server/rpc/contract_service.h"

#include <cstddef>

#include "server/rpc/answering_stream.h"
#include "server/rpc/convert.h"
#include "server/rpc/status.h"

namespace giot::rpc {

ContractService::ContractService(const engine::ModelRegistry* registry, const ContractServiceOptions& options)
    : registry_(registry), options_(options), streams_(options.max_streams), answerer_(registry, options) {
  SetMessageAllocatorFor_GenerateContract(&messages_);
}

void ContractService::Answer(const grpc::CallbackServerContext& context, const v1::GenerateContractRequest& request,
                             v1::GenerateContractResponse& response, const Answerer::Done& done) {
  // gRPC's own limit is that of the largest message of any service.
  const std::size_t bytes = request.ByteSizeLong();
  if (bytes > static_cast<std::size_t>(options_.max_message_bytes)) {
    return done(TooLarge(bytes, options_.max_message_bytes));
  }
  answerer_.Answer(context, request, response, done);
}

grpc::ServerUnaryReactor* ContractService::GenerateContract(grpc::CallbackServerContext* context,
                                                            const v1::GenerateContractRequest* request,
                                                            v1::GenerateContractResponse* response) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  if (draining_) {
    reactor->Finish(ToGrpc(ServerDraining()));
    return reactor;
  }
  Answer(*context, *request, *response, [reactor](const absl::Status& status) { reactor->Finish(ToGrpc(status)); });
  return reactor;
}

grpc::ServerBidiReactor<v1::StreamContractsRequest, v1::StreamContractsResponse>* ContractService::StreamContracts(
    grpc::CallbackServerContext* context) {
  using Stream = AnsweringStream<v1::StreamContractsRequest, v1::StreamContractsResponse>;
  return Stream::Open(&streams_, [this, context](const v1::StreamContractsRequest& request,
                                                 v1::StreamContractsResponse& response, const Stream::Done& done) {
    Answer(*context, request.request(), *response.mutable_response(), done);
  });
}

grpc::ServerUnaryReactor* ContractService::ListModels(grpc::CallbackServerContext* context,
                                                      const v1::ListModelsRequest* /*request*/,
                                                      v1::ListModelsResponse* response) {
  ToProto(*registry_, *response);
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  reactor->Finish(grpc::Status::OK);
  return reactor;
}

void ContractService::Drain() {
  draining_ = true;
  streams_.Drain();
}

}  // namespace giot::rpc
