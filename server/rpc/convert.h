#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "giot/v1/contract.pb.h"
#include "models/bundle/bundle.h"
#include "models/bundle/designer.h"
#include "models/contract/screening_market.h"
#include "server/engine/contract_engine.h"
#include "server/engine/model_registry.h"

namespace giot::rpc {

// InvalidArgument, naming the field by its path in the request ("market.screening.
// cost_types[1]"), what it got and what it wanted.
absl::StatusOr<contract::ScreeningMarket> MarketFrom(const v1::GenerateContractRequest& request);

// Samples (1 if absent, at most `max_samples`) and seed. InvalidArgument likewise.
absl::StatusOr<bundle::DesignOptions> DesignOptionsFrom(const v1::GenerateContractRequest& request, int max_samples);

// Fills `response` but for timings.total_ns. Certificate money is for all of the
// market's vehicles together.
void ToProto(const engine::Answer& answer, const contract::ScreeningMarket& market, const bundle::Bundle& bundle,
             v1::GenerateContractResponse& response);

void ToProto(const engine::ModelRegistry& registry, v1::ListModelsResponse& response);

}  // namespace giot::rpc
