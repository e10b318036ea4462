#include "server/rpc/contract_service.h"

#include "server/rpc/answer_call.h"
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
  const absl::Status size = CheckMessageSize(request.ByteSizeLong(), options_.max_message_bytes);
  if (!size.ok()) return done(size);
  answerer_.Answer(context, request, response, done);
}

grpc::ServerUnaryReactor* ContractService::GenerateContract(grpc::CallbackServerContext* context,
                                                            const v1::GenerateContractRequest* request,
                                                            v1::GenerateContractResponse* response) {
  return AnswerCall(draining_, context,
                    [&](const Answerer::Done& done) { Answer(*context, *request, *response, done); });
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
