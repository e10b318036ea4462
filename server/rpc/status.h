#pragma once

#include <grpcpp/support/status.h>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace giot::rpc {

// The one mapping from our statuses to the wire: codes carry over by name.
// RESOURCE_EXHAUSTED tells the client, in a google.rpc.RetryInfo detail, to come
// back after kRetryDelay.
grpc::Status ToGrpc(const absl::Status& status);

// RESOURCE_EXHAUSTED: more of `what` at once than the limit.
absl::Status Overloaded(absl::string_view what, int limit);

inline constexpr absl::Duration kRetryDelay = absl::Milliseconds(20);

}  // namespace giot::rpc
