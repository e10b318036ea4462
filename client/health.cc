#include "client/health.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "google/protobuf/unknown_field_set.h"
#include "grpcpp/completion_queue.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/slice.h"

namespace giot::client {
namespace {

using google::protobuf::UnknownField;
using google::protobuf::UnknownFieldSet;

// grpc/health/v1/health.proto; its two messages of one field each are written and
// read by hand, since gRPC's packages hold no generated code for them.
constexpr char kMethod[] = "/grpc.health.v1.Health/Check";
constexpr int kRequestService = 1;
constexpr int kReplyStatus = 1;
constexpr std::uint64_t kServing = 1;
constexpr std::array<const char*, 4> kStatusNames = {"UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN"};

grpc::ByteBuffer Request(const std::string& service) {
  UnknownFieldSet fields;
  if (!service.empty()) fields.AddLengthDelimited(kRequestService, service);
  std::string bytes;
  fields.SerializeToString(&bytes);
  const grpc::Slice slice(bytes);
  return grpc::ByteBuffer(&slice, 1);
}

std::uint64_t ReadStatus(const grpc::ByteBuffer& reply) {
  std::vector<grpc::Slice> slices;
  std::string bytes;
  if (reply.Dump(&slices).ok()) {
    for (const grpc::Slice& slice : slices) bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  UnknownFieldSet fields;
  std::uint64_t status = 0;
  if (!fields.ParseFromString(bytes)) return status;
  for (int i = 0; i < fields.field_count(); ++i) {
    const UnknownField& field = fields.field(i);
    if (field.number() == kReplyStatus && field.type() == UnknownField::TYPE_VARINT) status = field.varint();
  }
  return status;
}

}  // namespace

grpc::Status CheckHealthOnce(const std::shared_ptr<grpc::Channel>& channel, grpc::ClientContext& context,
                             const std::string& service) {
  grpc::GenericStub stub(channel);
  grpc::CompletionQueue queue;
  grpc::ByteBuffer reply;
  grpc::Status status;
  const auto call = stub.PrepareUnaryCall(&context, kMethod, Request(service), &queue);
  call->StartCall();
  call->Finish(&reply, &status, nullptr);
  void* tag = nullptr;
  bool ok = false;
  queue.Next(&tag, &ok);
  if (!status.ok()) return status;
  const std::uint64_t serving = ReadStatus(reply);
  if (serving == kServing) return grpc::Status::OK;
  const std::string name = serving < kStatusNames.size() ? kStatusNames[static_cast<std::size_t>(serving)] : "invalid";
  return {grpc::StatusCode::UNAVAILABLE, "health: the server says " + name};
}

}  // namespace giot::client
