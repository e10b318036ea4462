#pragma once

#include <optional>
#include <string>

#include "absl/time/time.h"

namespace giot::client {

// The retry_delay of the google.rpc.RetryInfo among the details of a serialized
// google.rpc.Status (what gRPC sends as "grpc-status-details-bin"); nullopt if
// there is none, or the bytes are no such message. Never negative.
std::optional<absl::Duration> RetryDelay(const std::string& status_details);

}  // namespace giot::client
