#include "client/contract_client.h"

#include <optional>
#include <utility>

#include "client/health.h"
#include "client/retry_info.h"
#include "client/retrying_call.h"
#include "client/wire_status.h"
#include "grpcpp/client_context.h"
#include "grpcpp/create_channel.h"

namespace giot::client {
namespace {

constexpr char kStatusDetails[] = "grpc-status-details-bin";

std::shared_ptr<grpc::Channel> OwnConnection(const std::string& server, const ContractClientOptions& options) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetMaxReceiveMessageSize(options.max_reply_bytes);
  // A server that is just starting should be found as soon as we try again.
  const auto backoff = [](absl::Duration duration) { return static_cast<int>(absl::ToInt64Milliseconds(duration)); };
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, backoff(options.retry.initial_backoff));
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, backoff(options.timeout));
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, backoff(options.retry.max_backoff));
  return grpc::CreateCustomChannel(server, grpc::InsecureChannelCredentials(), arguments);
}

AttemptResult ToAttemptResult(const grpc::Status& status, const grpc::ClientContext& context) {
  AttemptResult result = {.status = FromWire(status), .retry_after = std::nullopt};
  if (status.ok()) return result;
  const auto& trailers = context.GetServerTrailingMetadata();
  const auto details = trailers.find(kStatusDetails);
  if (details != trailers.end()) {
    result.retry_after = RetryDelay(std::string(details->second.data(), details->second.size()));
  }
  return result;
}

}  // namespace

ContractClient::ContractClient(const std::string& server, const ContractClientOptions& options)
    : ContractClient(OwnConnection(server, options), options) {}

ContractClient::ContractClient(std::shared_ptr<grpc::Channel> channel, const ContractClientOptions& options,
                               Clock& clock)
    : options_(options), clock_(clock), channel_(std::move(channel)), stub_(v1::ContractService::NewStub(channel_)) {}

template <typename Reply, typename Method>
absl::StatusOr<Reply> ContractClient::Call(const Method& method) {
  Reply reply;
  const absl::Status status =
      CallWithRetries(options_.retry, options_.timeout, clock_, [&](absl::Time deadline) -> AttemptResult {
        grpc::ClientContext context;
        context.set_deadline(absl::ToChronoTime(deadline));
        return ToAttemptResult(method(context, reply), context);
      });
  if (!status.ok()) return status;
  return reply;
}

absl::StatusOr<v1::GenerateContractResponse> ContractClient::GenerateContract(
    const v1::GenerateContractRequest& request) {
  return Call<v1::GenerateContractResponse>([&](grpc::ClientContext& context, v1::GenerateContractResponse& reply) {
    return stub_->GenerateContract(&context, request, &reply);
  });
}

absl::StatusOr<v1::ListModelsResponse> ContractClient::ListModels() {
  return Call<v1::ListModelsResponse>([&](grpc::ClientContext& context, v1::ListModelsResponse& reply) {
    return stub_->ListModels(&context, v1::ListModelsRequest(), &reply);
  });
}

absl::Status ContractClient::CheckHealth(const std::string& service) {
  struct Nothing {};
  return Call<Nothing>(
             [&](grpc::ClientContext& context, Nothing&) { return CheckHealthOnce(channel_, context, service); })
      .status();
}

ContractStream ContractClient::OpenStream(absl::Duration lifetime) { return ContractStream(*stub_, lifetime); }

}  // namespace giot::client
