#include "tests/client/fake_contract_server.h"

#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/conversion.h"
#include "giot/v1/error_details.pb.h"
#include "grpcpp/health_check_service_interface.h"
#include "grpcpp/server_builder.h"
#include "tests/client/honest_reply.h"

namespace giot::client {

namespace {

template <typename Market>
grpc::Status AnswerFor(const absl::StatusOr<Market>& market, v1::GenerateContractResponse& reply) {
  if (!market.ok()) return {grpc::StatusCode::INVALID_ARGUMENT, std::string(market.status().message())};
  reply = HonestReply(*market);
  return grpc::Status::OK;
}

}  // namespace

grpc::Status AnswerHonestly(grpc::ServerContext&, const v1::GenerateContractRequest& request,
                            v1::GenerateContractResponse& reply) {
  if (request.has_uncertain()) return AnswerFor(MarketFromProto(request.uncertain()), reply);
  if (request.has_freshness()) return AnswerFor(MarketFromProto(request.freshness()), reply);
  return AnswerFor(MarketFromProto(request.screening()), reply);
}

grpc::Status AnswerOverloaded(int retry_after_ms) {
  v1::RetryInfo retry;
  retry.mutable_retry_delay()->set_nanos(retry_after_ms * 1'000'000);
  v1::RpcStatus status;
  status.set_code(grpc::StatusCode::RESOURCE_EXHAUSTED);
  google::protobuf::Any& detail = *status.add_details();
  detail.set_type_url("type.googleapis.com/google.rpc.RetryInfo");
  detail.set_value(retry.SerializeAsString());
  return {grpc::StatusCode::RESOURCE_EXHAUSTED, "busy", status.SerializeAsString()};
}

class FakeContractServer::Service final : public v1::ContractService::Service {
 public:
  explicit Service(Handler handler) : handler_(std::move(handler)) {}

  grpc::Status GenerateContract(grpc::ServerContext* context, const v1::GenerateContractRequest* request,
                                v1::GenerateContractResponse* reply) override {
    return handler_(*context, *request, *reply);
  }

  grpc::Status StreamContracts(
      grpc::ServerContext* context,
      grpc::ServerReaderWriter<v1::StreamContractsResponse, v1::StreamContractsRequest>* stream) override {
    v1::StreamContractsRequest request;
    while (stream->Read(&request)) {
      v1::StreamContractsResponse reply;
      reply.set_request_id(request.request_id());
      const grpc::Status status = handler_(*context, request.request(), *reply.mutable_response());
      if (!status.ok()) {
        reply.mutable_error()->set_code(status.error_code());
        reply.mutable_error()->set_message(status.error_message());
      }
      stream->Write(reply);
    }
    return grpc::Status::OK;
  }

  grpc::Status ListModels(grpc::ServerContext*, const v1::ListModelsRequest*, v1::ListModelsResponse* reply) override {
    v1::ModelStatus& model = *reply->add_models();
    model.mutable_identity()->set_name("screening");
    model.mutable_identity()->set_version(7);
    model.set_error("canary: level 3 differs");
    return grpc::Status::OK;
  }

 private:
  Handler handler_;
};

FakeContractServer::FakeContractServer(Handler handler) : service_(std::make_unique<Service>(std::move(handler))) {
  grpc::EnableDefaultHealthCheckService(true);
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(service_.get());
  server_ = builder.BuildAndStart();
  address_ = absl::StrCat("127.0.0.1:", port);
}

FakeContractServer::~FakeContractServer() {
  server_->Shutdown(std::chrono::system_clock::now());
  server_->Wait();
}

void FakeContractServer::SetServing(bool serving) { server_->GetHealthCheckService()->SetServingStatus(serving); }

}  // namespace giot::client
