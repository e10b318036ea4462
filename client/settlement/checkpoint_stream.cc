#include "client/settlement/checkpoint_stream.h"

#include <utility>

#include "client/wire_status.h"

namespace giot::client {

CheckpointStream::CheckpointStream(std::unique_ptr<grpc::ClientContext> context, std::unique_ptr<Reader> reader)
    : context_(std::move(context)), reader_(std::move(reader)) {}

CheckpointStream::~CheckpointStream() {
  if (context_ == nullptr || !end_.ok()) return;
  context_->TryCancel();
  reader_->Finish();
}

absl::StatusOr<std::string> CheckpointStream::Next() {
  if (!end_.ok()) return end_;
  v1::CheckpointMessage message;
  if (reader_->Read(&message)) return std::move(*message.mutable_checkpoint());
  end_ = FromWire(reader_->Finish());
  if (end_.ok()) end_ = absl::OutOfRangeError("the server has ended the stream");
  return end_;
}

}  // namespace giot::client
