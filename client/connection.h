#pragma once

#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "client/clock.h"
#include "client/retry_policy.h"
#include "client/retrying_call.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/status.h"

namespace giot::client {

struct CallOptions {
  // Of a unary call, its retries and the waits between them together.
  absl::Duration timeout = absl::Seconds(5);
  // Every call of the clients here may be repeated, so each may be retried.
  RetryPolicy retry;
  int max_reply_bytes = 1 << 20;
};

// Connects to "host:port" when first used, without TLS, over a connection that no
// other channel shares.
std::shared_ptr<grpc::Channel> OwnConnection(const std::string& server, const CallOptions& options);

// How an attempt ended, with the server's RetryInfo, where it sent one.
AttemptResult ToAttemptResult(const grpc::Status& status, const grpc::ClientContext& context);

// Calls `method(context, reply)` until it succeeds or the options say to give up.
template <typename Reply, typename Method>
absl::StatusOr<Reply> CallUnary(const CallOptions& options, Clock& clock, const Method& method) {
  Reply reply;
  const absl::Status status =
      CallWithRetries(options.retry, options.timeout, clock, [&](absl::Time deadline) -> AttemptResult {
        grpc::ClientContext context;
        context.set_deadline(absl::ToChronoTime(deadline));
        return ToAttemptResult(method(context, reply), context);
      });
  if (!status.ok()) return status;
  return reply;
}

}  // namespace giot::client
