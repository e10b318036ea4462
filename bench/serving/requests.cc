#include "bench/serving/requests.h"

#include <cstddef>
#include <cstdint>
#include <random>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "bench/serving/echo.pb.h"
#include "client/conversion.h"
#include "giot/v1/contract.pb.h"
#include "giot/v1/sensing_quality.pb.h"
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

std::vector<grpc::ByteBuffer> EchoRequests(const std::vector<std::string>& payloads) {
  std::vector<grpc::ByteBuffer> requests;
  for (const std::string& payload : payloads) {
    EchoMessage message;
    message.set_payload(payload);
    requests.push_back(Serialize(message));
  }
  return requests;
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

std::vector<grpc::ByteBuffer> ScoreRequests(const std::vector<std::string>& images, int sources) {
  const std::int64_t now_us = absl::ToUnixMicros(absl::Now());
  std::vector<grpc::ByteBuffer> requests;
  for (int i = 0; i < sources; ++i) {
    v1::ScoreSensingQualityRequest request;
    request.set_image(images[static_cast<std::size_t>(i) % images.size()]);
    request.mutable_capture()->set_source_id(absl::StrCat("camera-", i));
    request.mutable_capture()->set_captured_at_us(now_us);
    requests.push_back(Serialize(request));
  }
  return requests;
}

}  // namespace giot::bench
