#pragma once

#include <cstdint>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "giot/v1/contract.grpc.pb.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/sync_stream.h"

namespace giot::client {

struct StreamReply {
  std::uint64_t request_id = 0;
  // The menu, or why this request alone failed.
  absl::StatusOr<v1::GenerateContractResponse> result;
};

// Many requests over one call, answered in order. One thread may send while
// another receives. Destroying it cancels what is still on its way.
class ContractStream {
 public:
  ContractStream(v1::ContractService::Stub& stub, absl::Duration lifetime);
  ContractStream(ContractStream&&) = default;
  ~ContractStream();

  // Blocks while the server is that far behind. UNAVAILABLE once the stream is
  // broken: Receive says why.
  absl::Status Send(std::uint64_t request_id, const v1::GenerateContractRequest& request);

  // No more requests will follow; replies still do.
  void CloseSending();

  // The next reply. OUT_OF_RANGE after the last one, else why the stream broke.
  absl::StatusOr<StreamReply> Receive();

 private:
  using Stream = grpc::ClientReaderWriter<v1::StreamContractsRequest, v1::StreamContractsResponse>;

  // The context outlives the stream that uses it, also when moved from.
  std::unique_ptr<grpc::ClientContext> context_;
  std::unique_ptr<Stream> stream_;
  absl::Status end_;  // Why no more replies come, once that is known.
};

}  // namespace giot::client
