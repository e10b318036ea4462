#include "client/connection.h"

#include "client/retry_info.h"
#include "client/wire_status.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"

namespace giot::client {
namespace {

constexpr char kStatusDetails[] = "grpc-status-details-bin";

}  // namespace

std::shared_ptr<grpc::Channel> OwnConnection(const std::string& server, const CallOptions& options) {
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

}  // namespace giot::client
