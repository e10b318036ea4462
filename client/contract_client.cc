#include "client/contract_client.h"

#include <cstddef>
#include <limits>
#include <utility>

#include "client/health.h"
#include "grpcpp/client_context.h"

namespace giot::client {

ContractClient::ContractClient(const std::string& server, const ContractClientOptions& options)
    : ContractClient(OwnConnection(server, options), options) {}

ContractClient::ContractClient(std::shared_ptr<grpc::Channel> channel, const ContractClientOptions& options,
                               Clock& clock)
    : options_(options), clock_(clock), channel_(std::move(channel)), stub_(v1::ContractService::NewStub(channel_)) {}

absl::StatusOr<v1::GenerateContractResponse> ContractClient::GenerateContract(
    const v1::GenerateContractRequest& request) {
  return CallUnary<v1::GenerateContractResponse>(
      options_, clock_, [&](grpc::ClientContext& context, v1::GenerateContractResponse& reply) {
        return stub_->GenerateContract(&context, request, &reply);
      });
}

absl::StatusOr<v1::ListModelsResponse> ContractClient::ListModels() {
  return CallUnary<v1::ListModelsResponse>(options_, clock_,
                                           [&](grpc::ClientContext& context, v1::ListModelsResponse& reply) {
                                             return stub_->ListModels(&context, v1::ListModelsRequest(), &reply);
                                           });
}

absl::Status ContractClient::CheckHealth(const std::string& service) {
  struct Nothing {};
  return CallUnary<Nothing>(
             options_, clock_,
             [&](grpc::ClientContext& context, Nothing&) { return CheckHealthOnce(channel_, context, service); })
      .status();
}

ContractStream ContractClient::OpenStream(absl::Duration lifetime) {
  const auto open = [this](grpc::ClientContext* context) { return stub_->StreamContracts(context); };
  return {open, lifetime, std::numeric_limits<std::size_t>::max()};
}

}  // namespace giot::client
