#include "server/rpc/warm_up.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <memory>

#include "absl/strings/escaping.h"
#include "giot/v1/contract.grpc.pb.h"

namespace giot::rpc {
namespace {

constexpr int kCalls = 100;
constexpr auto kDeadline = std::chrono::seconds(1);

double Middle(const bundle::Range& range) { return 0.5 * (range.min + range.max); }

// A market from the middle of what the model was trained for.
v1::GenerateContractRequest TypicalRequest(const bundle::Manifest& manifest) {
  const bundle::MarketRanges& ranges = manifest.ranges;
  v1::GenerateContractRequest request;
  request.set_model_name(manifest.name);
  request.set_model_version(manifest.version);
  v1::ScreeningMarket& market = *request.mutable_screening();
  const int types = std::max(2, static_cast<int>(Middle(ranges.types)));
  const double first = Middle(ranges.first_type);
  for (int k = 0; k < types; ++k) {
    market.add_cost_types(first + (1.0 - first) * k / (types - 1));
    market.add_probabilities(1.0 / types);
  }
  market.set_value_scale(Middle(ranges.value_scale));
  market.set_value_rate(Middle(ranges.value_rate));
  market.set_cost_curvature(Middle(ranges.cost_curvature));
  market.set_quality_min(Middle(ranges.quality_min));
  market.set_quality_max(ranges.quality_max.max);
  return request;
}

}  // namespace

void WarmUp(grpc::Server& server, const engine::ModelRegistry& models) {
  const auto stub = v1::ContractService::NewStub(server.InProcessChannel(grpc::ChannelArguments()));
  for (const engine::ModelRegistry::Entry& entry : models.entries()) {
    if (!entry.bundle) continue;
    const v1::GenerateContractRequest request = TypicalRequest(entry.bundle->manifest());
    grpc::Status status;
    for (int call = 0; call < kCalls && status.ok(); ++call) {
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
