#include "server/rpc/still_wanted.h"

#include <chrono>

namespace giot::rpc {

absl::Status StillWanted(const grpc::CallbackServerContext& context) {
  if (context.deadline() <= std::chrono::system_clock::now()) {
    return absl::DeadlineExceededError("deadline passed before the answer was ready");
  }
  if (context.IsCancelled()) return absl::CancelledError("cancelled by the client");
  return absl::OkStatus();
}

}  // namespace giot::rpc
