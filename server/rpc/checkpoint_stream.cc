#include "server/rpc/checkpoint_stream.h"

#include "absl/status/status.h"
#include "server/rpc/status.h"

namespace giot::rpc {

CheckpointStream* CheckpointStream::Open(OpenStreams* streams, settlement::CheckpointFeed* feed) {
  auto* stream = new CheckpointStream(streams, feed);
  if (const absl::Status status = streams->Add(stream); !status.ok()) {
    stream->End(ToGrpc(status));
  } else {
    stream->watcher_ = feed->Watch([stream](const std::string& note) { stream->Send(note); });
  }
  return stream;  // gRPC owns a reactor until OnDone, its last call, which comes after this.
}

CheckpointStream* CheckpointStream::Refuse(OpenStreams* streams, const grpc::Status& status) {
  auto* stream = new CheckpointStream(streams, nullptr);
  stream->End(status);
  return stream;
}

void CheckpointStream::Send(const std::string& note) {
  {
    const engine::MutexLock lock(&mutex_);
    if (end_) return;
    if (writing_) {
      next_ = note;
      return;
    }
    writing_ = true;
    message_.set_checkpoint(note);
  }
  StartWrite(&message_);
}

void CheckpointStream::OnWriteDone(bool ok) {
  std::optional<grpc::Status> end;
  {
    const engine::MutexLock lock(&mutex_);
    writing_ = false;
    if (!ok && !end_) end_ = grpc::Status::CANCELLED;
    end = end_;
    if (!end && !next_) return;
    if (!end) {
      writing_ = true;
      message_.set_checkpoint(*next_);
      next_.reset();
    }
  }
  // The lock is not held over gRPC's Finish: OnDone may follow it on another thread before it returns.
  if (end) return Finish(*end);
  StartWrite(&message_);
}

void CheckpointStream::End(const grpc::Status& status) {
  {
    const engine::MutexLock lock(&mutex_);
    if (end_) return;
    end_ = status;
    if (writing_) return;
  }
  Finish(status);
}

void CheckpointStream::OnDone() {
  if (watcher_) feed_->Leave(*watcher_);
  streams_->Remove(this);
  delete this;
}

void CheckpointStream::Drain() { End(ToGrpc(ServerDraining())); }

}  // namespace giot::rpc
