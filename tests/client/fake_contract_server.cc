#include "tests/client/fake_contract_server.h"

#include <utility>

#include "client/conversion.h"
#include "giot/v1/error_details.pb.h"
#include "grpcpp/health_check_service_interface.h"
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
    return AnswerStream(*stream, [&](const auto& request, auto& reply) { return handler_(*context, request, reply); });
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
  server_ = std::make_unique<LoopbackServer>(*service_);
}

FakeContractServer::~FakeContractServer() = default;

void FakeContractServer::SetServing(bool serving) {
  server_->server().GetHealthCheckService()->SetServingStatus(serving);
}

}  // namespace giot::client
