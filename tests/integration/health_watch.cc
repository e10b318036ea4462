#include "tests/integration/health_watch.h"

#include <chrono>

#include "google/protobuf/unknown_field_set.h"
#include "grpcpp/create_channel.h"
#include "tests/integration/raw_call.h"

namespace giot::integration {
namespace {

using google::protobuf::UnknownFieldSet;

// HealthCheckRequest.service and HealthCheckResponse.status.
constexpr int kService = 1;
constexpr int kStatus = 1;

Health ReadStatus(const grpc::ByteBuffer& reply) {
  UnknownFieldSet fields;
  if (!fields.ParseFromString(FromBuffer(reply))) return Health::kUnknown;
  for (int i = 0; i < fields.field_count(); ++i) {
    if (fields.field(i).number() == kStatus) return static_cast<Health>(fields.field(i).varint());
  }
  return Health::kUnknown;
}

}  // namespace

HealthWatch::HealthWatch(const std::string& address, const std::string& service)
    : stub_(grpc::CreateChannel(address, grpc::InsecureChannelCredentials())) {
  context_.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
  call_ = stub_.PrepareCall(&context_, "/grpc.health.v1.Health/Watch", &queue_);
  call_->StartCall(nullptr);
  Await();
  UnknownFieldSet request;
  if (!service.empty()) request.AddLengthDelimited(kService, service);
  std::string bytes;
  request.SerializeToString(&bytes);
  call_->WriteLast(ToBuffer(bytes), {}, nullptr);
  Await();
}

HealthWatch::~HealthWatch() {
  context_.TryCancel();
  grpc::Status status;
  call_->Finish(&status, nullptr);
  Await();
}

std::optional<Health> HealthWatch::Next() {
  grpc::ByteBuffer reply;
  call_->Read(&reply, nullptr);
  if (!Await()) return std::nullopt;
  return ReadStatus(reply);
}

bool HealthWatch::Await() {
  void* tag = nullptr;
  bool ok = false;
  return queue_.Next(&tag, &ok) && ok;
}

}  // namespace giot::integration
