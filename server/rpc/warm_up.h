#pragma once

#include <grpcpp/grpcpp.h>

#include "server/engine/model_registry.h"

namespace giot::rpc {

// Calls every ready model of a built server through the whole stack, but for the
// network, so that the first client waits no longer than the hundredth: code and
// memory are paged in, pools filled, gRPC's threads started. A call that fails is
// logged, not fatal; the models have passed their canaries before. Tens of
// milliseconds.
void WarmUp(grpc::Server& server, const engine::ModelRegistry& models);

}  // namespace giot::rpc
