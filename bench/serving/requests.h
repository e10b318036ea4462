#pragma once

#include <vector>

#include "grpcpp/support/byte_buffer.h"

namespace giot::bench {

inline constexpr char kEchoMethod[] = "/giot.bench.Echo/Call";
inline constexpr char kGenerateMethod[] = "/giot.v1.ContractService/GenerateContract";

// One serialized EchoMessage of so many bytes.
std::vector<grpc::ByteBuffer> EchoRequests(int payload_bytes);

// Serialized GenerateContractRequests for `count` different markets of `types`
// types each, from the training distribution; the same ones every time.
std::vector<grpc::ByteBuffer> GenerateRequests(int count, int types);

}  // namespace giot::bench
