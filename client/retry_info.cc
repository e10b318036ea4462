#include "client/retry_info.h"

#include <algorithm>

#include "giot/v1/error_details.pb.h"

namespace giot::client {
namespace {

constexpr char kRetryInfo[] = "type.googleapis.com/google.rpc.RetryInfo";

}  // namespace

std::optional<absl::Duration> RetryDelay(const std::string& status_details) {
  v1::RpcStatus status;
  if (!status.ParseFromString(status_details)) return std::nullopt;
  for (const google::protobuf::Any& detail : status.details()) {
    v1::RetryInfo info;
    if (detail.type_url() != kRetryInfo || !info.ParseFromString(detail.value())) continue;
    const google::protobuf::Duration& delay = info.retry_delay();
    return std::max(absl::ZeroDuration(), absl::Seconds(delay.seconds()) + absl::Nanoseconds(delay.nanos()));
  }
  return std::nullopt;
}

}  // namespace giot::client
