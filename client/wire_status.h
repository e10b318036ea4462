#pragma once

#include "absl/status/status.h"
#include "grpcpp/support/status.h"

namespace giot::client {

// The same code and message; the two vocabularies share their numbers.
absl::Status FromWire(const grpc::Status& status);

}  // namespace giot::client
