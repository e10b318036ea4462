#pragma once

#include <grpcpp/grpcpp.h>

#include <optional>
#include <string>

#include "absl/base/thread_annotations.h"
#include "giot/v1/settlement.pb.h"
#include "server/engine/mutex.h"
#include "server/rpc/open_streams.h"
#include "server/settlement/checkpoint_feed.h"

namespace giot::rpc {

// A call that is told of checkpoints until either side ends it. While one is on its way, only the newest of those that
// come waits. Deletes itself when gRPC is done with it.
class CheckpointStream final : public grpc::ServerWriteReactor<v1::CheckpointMessage>, public Drainable {
 public:
  // Opens one more of `streams`, or ends at once where there may be none. Both outlive it.
  static CheckpointStream* Open(OpenStreams* streams, settlement::CheckpointFeed* feed);
  // Ends at once with this status.
  static CheckpointStream* Refuse(OpenStreams* streams, const grpc::Status& status);

  void OnWriteDone(bool ok) override;
  void OnCancel() override { End(grpc::Status::CANCELLED); }
  void OnDone() override;
  void Drain() override;

 private:
  CheckpointStream(OpenStreams* streams, settlement::CheckpointFeed* feed) : streams_(streams), feed_(feed) {}

  void Send(const std::string& note);
  // Ends the call, once: now, or when what is on its way has gone.
  void End(const grpc::Status& status);

  OpenStreams* const streams_;
  settlement::CheckpointFeed* const feed_;
  std::optional<int> watcher_;     // Set before gRPC may call OnDone.
  v1::CheckpointMessage message_;  // On its way.
  engine::Mutex mutex_;
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  std::optional<std::string> next_ ABSL_GUARDED_BY(mutex_);
  std::optional<grpc::Status> end_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace giot::rpc
