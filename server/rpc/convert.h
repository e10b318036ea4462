#pragma once

#include "absl/status/statusor.h"
#include "giot/v1/contract.pb.h"
#include "models/bundle/bundle.h"
#include "server/engine/anytime.h"
#include "server/engine/model_registry.h"
#include "server/engine/timings.h"

namespace giot::rpc {

// What all families of markets share; each has a file of its own beside this one.

// Samples (1 if absent, at most `max_samples`), seed and the time budget asked for.
// InvalidArgument, naming the field, what it got and what it wanted.
absl::StatusOr<engine::Effort> EffortFrom(const v1::GenerateContractRequest& request, int max_samples);

// "market.<family>." before the field that a market's Create names.
absl::Status InMarket(absl::string_view family, const absl::Status& status);

// Money for `vehicles` together.
void ToProto(const engine::BoundCertificate& from, double vehicles, v1::Certificate& to);
// All but total_ns.
void ToProto(const engine::Timings& from, v1::Timings& to);
void ToProto(const bundle::Bundle& bundle, v1::ModelIdentity& identity);
void ToProto(const engine::ModelRegistry& registry, v1::ListModelsResponse& response);

}  // namespace giot::rpc
