#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "giot/v1/settlement.grpc.pb.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/sync_stream.h"

namespace giot::client {

// The checkpoints of a server's ledger as they come, unverified. One thread at a time; destroying it ends the call.
class CheckpointStream {
 public:
  using Reader = grpc::ClientReader<v1::CheckpointMessage>;

  CheckpointStream(std::unique_ptr<grpc::ClientContext> context, std::unique_ptr<Reader> reader);
  CheckpointStream(CheckpointStream&&) = default;
  ~CheckpointStream();

  // Blocks for the next signed note. OUT_OF_RANGE once the server has ended the stream, else why it broke:
  // DEADLINE_EXCEEDED after its lifetime.
  absl::StatusOr<std::string> Next();

 private:
  std::unique_ptr<grpc::ClientContext> context_;  // Outlives the reader that uses it.
  std::unique_ptr<Reader> reader_;
  absl::Status end_;  // Why nothing more comes, once that is known.
};

}  // namespace giot::client
