#include "client/contract_stream.h"

#include <utility>

#include "absl/time/clock.h"
#include "client/wire_status.h"

namespace giot::client {
namespace {

StreamReply ToReply(v1::StreamContractsResponse message) {
  const std::uint64_t id = message.request_id();
  if (message.has_response()) return {id, std::move(*message.mutable_response())};
  if (!message.has_error() || message.error().code() == grpc::StatusCode::OK) {
    return {id, absl::DataLossError("result: got none, want a response or an error")};
  }
  return {id, absl::Status(static_cast<absl::StatusCode>(message.error().code()), message.error().message())};
}

}  // namespace

ContractStream::ContractStream(v1::ContractService::Stub& stub, absl::Duration lifetime)
    : context_(std::make_unique<grpc::ClientContext>()) {
  context_->set_deadline(absl::ToChronoTime(absl::Now() + lifetime));
  stream_ = stub.StreamContracts(context_.get());
}

ContractStream::~ContractStream() {
  if (context_ == nullptr || !end_.ok()) return;
  context_->TryCancel();
  stream_->Finish();
}

absl::Status ContractStream::Send(std::uint64_t request_id, const v1::GenerateContractRequest& request) {
  v1::StreamContractsRequest message;
  message.set_request_id(request_id);
  *message.mutable_request() = request;
  if (stream_->Write(message)) return absl::OkStatus();
  return absl::UnavailableError("the stream is broken");
}

void ContractStream::CloseSending() { stream_->WritesDone(); }

absl::StatusOr<StreamReply> ContractStream::Receive() {
  if (!end_.ok()) return end_;
  v1::StreamContractsResponse message;
  if (stream_->Read(&message)) return ToReply(std::move(message));
  end_ = FromWire(stream_->Finish());
  if (end_.ok()) end_ = absl::OutOfRangeError("every reply has been received");
  return end_;
}

}  // namespace giot::client
