#pragma once

#include <string>
#include <vector>

#include "grpcpp/support/byte_buffer.h"

namespace giot::bench {

inline constexpr char kEchoMethod[] = "/giot.bench.Echo/Call";
inline constexpr char kDiscardMethod[] = "/giot.bench.Echo/Discard";
inline constexpr char kGenerateMethod[] = "/giot.v1.ContractService/GenerateContract";
inline constexpr char kScoreMethod[] = "/giot.v1.SensingQualityService/ScoreSensingQuality";

// A serialized EchoMessage for each payload.
std::vector<grpc::ByteBuffer> EchoRequests(const std::vector<std::string>& payloads);

// Serialized GenerateContractRequests for `count` different markets of `types`
// types each, from the training distribution; the same ones every time.
std::vector<grpc::ByteBuffer> GenerateRequests(int count, int types);

// Serialized ScoreSensingQualityRequests of as many sources, which send the encoded images in turn,
// captured now. Sent once more they are flagged as replays, after the same work. `images` is not empty.
std::vector<grpc::ByteBuffer> ScoreRequests(const std::vector<std::string>& images, int sources);

}  // namespace giot::bench
