#include "bench/serving/requests.h"

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>

#include "bench/serving/echo.pb.h"
#include "client/conversion.h"
#include "giot/v1/contract.pb.h"
#include "google/protobuf/message_lite.h"
#include "grpcpp/support/slice.h"
#include "models/contract/market_sampler.h"

namespace giot::bench {
namespace {

grpc::ByteBuffer Serialize(const google::protobuf::MessageLite& message) {
  const grpc::Slice slice(message.SerializeAsString());
  return {&slice, 1};
}

}  // namespace

std::vector<grpc::ByteBuffer> EchoRequests(int payload_bytes) {
  EchoMessage message;
  message.set_payload(std::string(static_cast<std::size_t>(payload_bytes), 'x'));
  return {Serialize(message)};
}

std::vector<grpc::ByteBuffer> GenerateRequests(int count, int types) {
  std::mt19937_64 random(1);
  contract::MarketDistribution distribution;
  distribution.types_min = types;
  distribution.types_max = types;
  std::vector<grpc::ByteBuffer> requests;
  for (int i = 0; i < count; ++i) {
    v1::GenerateContractRequest request;
    *request.mutable_screening() = client::ToProto(contract::SampleMarket(distribution, random));
    request.set_seed(static_cast<std::uint64_t>(i));
    requests.push_back(Serialize(request));
  }
  return requests;
}

}  // namespace giot::bench
