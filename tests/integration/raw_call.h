#pragma once

#include <string>

#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/status.h"

namespace giot::integration {

grpc::ByteBuffer ToBuffer(const std::string& bytes);
std::string FromBuffer(const grpc::ByteBuffer& buffer);

// Sends any bytes as the only message of a call, over a connection of its own,
// and returns how the call ended: what a client that is broken, or hostile,
// would see. Ends after ten seconds at most.
grpc::Status RawCall(const std::string& address, const std::string& method, const std::string& bytes);

}  // namespace giot::integration
