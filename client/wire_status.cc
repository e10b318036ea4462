#include "client/wire_status.h"

namespace giot::client {

absl::Status FromWire(const grpc::Status& status) {
  return absl::Status(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
}

}  // namespace giot::client
