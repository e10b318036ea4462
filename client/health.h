#pragma once

#include <memory>
#include <string>

#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/status.h"

namespace giot::client {

// One grpc.health.v1.Health/Check call. A status other than SERVING comes back
// as UNAVAILABLE with its name.
grpc::Status CheckHealthOnce(const std::shared_ptr<grpc::Channel>& channel, grpc::ClientContext& context,
                             const std::string& service);

}  // namespace giot::client
