#pragma once

#include <grpcpp/grpcpp.h>

#include "absl/status/status.h"

namespace giot::rpc {

// OK while the caller waits; else DeadlineExceeded or Cancelled.
absl::Status StillWanted(const grpc::CallbackServerContext& context);

}  // namespace giot::rpc
