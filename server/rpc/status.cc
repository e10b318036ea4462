#include "server/rpc/status.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "giot/v1/error_details.pb.h"

namespace giot::rpc {
namespace {

// Marks a status that another attempt would not change.
constexpr char kFinal[] = "giot.v1/final";

// The serialized google.rpc.Status that gRPC carries as "grpc-status-details-bin".
std::string RetryDetails(const absl::Status& status) {
  v1::RetryInfo retry;
  retry.mutable_retry_delay()->set_nanos(static_cast<int>(absl::ToInt64Nanoseconds(kRetryDelay)));
  v1::RpcStatus details;
  details.set_code(static_cast<int>(status.code()));
  details.set_message(std::string(status.message()));
  google::protobuf::Any* detail = details.add_details();
  detail->set_type_url("type.googleapis.com/google.rpc.RetryInfo");
  detail->set_value(retry.SerializeAsString());
  return details.SerializeAsString();
}

}  // namespace

grpc::Status ToGrpc(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  // absl's codes are the canonical ones, number by number.
  const auto code = static_cast<grpc::StatusCode>(static_cast<int>(status.code()));
  const std::string message(status.message());
  const bool may_come_back = absl::IsResourceExhausted(status) && !status.GetPayload(kFinal);
  if (may_come_back) return {code, message, RetryDetails(status)};
  return {code, message};
}

absl::Status Overloaded(absl::string_view what, int limit) {
  return absl::ResourceExhaustedError(absl::StrCat(what, ": ", limit, " at once is the limit, try again"));
}

absl::Status CheckMessageSize(std::size_t bytes, int limit) {
  if (bytes <= static_cast<std::size_t>(limit)) return absl::OkStatus();
  absl::Status status =
      absl::ResourceExhaustedError(absl::StrCat("message: got ", bytes, " bytes, want at most ", limit));
  status.SetPayload(kFinal, {});
  return status;
}

absl::Status ServerDraining() { return absl::UnavailableError("server is draining"); }

}  // namespace giot::rpc
