#include "server/rpc/warm_up.h"

#include <spdlog/spdlog.h>

#include <chrono>
#include <memory>

#include "absl/strings/escaping.h"
#include "giot/v1/contract.grpc.pb.h"
#include "server/rpc/typical_request.h"

namespace giot::rpc {
namespace {

constexpr int kCalls = 100;
constexpr auto kDeadline = std::chrono::seconds(1);

// One call in so many polishes, for so short, which goes another way.
constexpr int kPolishEvery = 10;
constexpr int kPolishUs = 200;

}  // namespace

void WarmUp(grpc::Server& server, const engine::ModelRegistry& models) {
  const auto stub = v1::ContractService::NewStub(server.InProcessChannel(grpc::ChannelArguments()));
  for (const engine::ModelRegistry::Entry& entry : models.entries()) {
    if (!entry.bundle) continue;
    v1::GenerateContractRequest request = TypicalRequest(entry.bundle->manifest());
    grpc::Status status;
    for (int call = 0; call < kCalls && status.ok(); ++call) {
      request.set_time_budget_us(call % kPolishEvery == 0 ? kPolishUs : 0);
      grpc::ClientContext context;
      context.set_deadline(std::chrono::system_clock::now() + kDeadline);
      v1::GenerateContractResponse response;
      status = stub->GenerateContract(&context, request, &response);
    }
    if (status.ok()) continue;
    spdlog::warn("event=warm_up_failed model={}/{} error=\"{}\"", entry.id.name, entry.id.version,
                 absl::CEscape(status.error_message()));
  }
}

}  // namespace giot::rpc
