#pragma once

#include <grpcpp/support/status.h>

#include <cstddef>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace giot::rpc {

// The one mapping from our statuses to the wire: codes carry over by name.
// RESOURCE_EXHAUSTED tells the client, in a google.rpc.RetryInfo detail, to come
// back after kRetryDelay, unless a message is too large.
grpc::Status ToGrpc(const absl::Status& status);

// RESOURCE_EXHAUSTED: more of `what` at once than the limit.
absl::Status Overloaded(absl::string_view what, int limit);

// RESOURCE_EXHAUSTED beyond the limit, as gRPC itself says of such a message: trying again is no use.
// gRPC's own limit is that of the largest message of any service, so each checks its own.
absl::Status CheckMessageSize(std::size_t bytes, int limit);

// UNAVAILABLE, which tells a client to try elsewhere.
absl::Status ServerDraining();

inline constexpr absl::Duration kRetryDelay = absl::Milliseconds(20);

}  // namespace giot::rpc
