#pragma once

#include <memory>
#include <optional>
#include <string>

#include "grpcpp/client_context.h"
#include "grpcpp/completion_queue.h"
#include "grpcpp/generic/generic_stub.h"

namespace giot::integration {

enum class Health { kUnknown = 0, kServing = 1, kNotServing = 2, kServiceUnknown = 3 };

// One grpc.health.v1.Health/Watch stream, ended after thirty seconds at most.
class HealthWatch {
 public:
  explicit HealthWatch(const std::string& address, const std::string& service = "");
  ~HealthWatch();

  // Blocks for the next status; nullopt once the stream has ended.
  std::optional<Health> Next();

 private:
  bool Await();

  grpc::GenericStub stub_;
  grpc::ClientContext context_;
  grpc::CompletionQueue queue_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> call_;
};

}  // namespace giot::integration
