#pragma once

#include <grpcpp/grpcpp.h>

#include "absl/status/status.h"
#include "server/rpc/status.h"

namespace giot::rpc {

// A unary call: refused while the server drains, else ended with the status that `answer(done)` tells
// `done`, once, before it returns or later on any thread.
template <typename Answer>
grpc::ServerUnaryReactor* AnswerCall(bool draining, grpc::CallbackServerContext* context, const Answer& answer) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  if (draining) {
    reactor->Finish(ToGrpc(ServerDraining()));
  } else {
    answer([reactor](const absl::Status& status) { reactor->Finish(ToGrpc(status)); });
  }
  return reactor;
}

}  // namespace giot::rpc
