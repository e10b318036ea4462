#pragma once

#include "absl/status/statusor.h"
#include "giot/v1/contract.pb.h"
#include "models/uncertain/uncertain_market.h"
#include "server/engine/uncertain_engine.h"

namespace giot::rpc {

// InvalidArgument, naming the field by its path in the request ("market.uncertain.
// cost_types[1]"), what it got and what it wanted.
absl::StatusOr<uncertain::UncertainMarket> MarketFrom(const v1::UncertainMarket& message);

// Fills menu, certificate and timings but for total_ns. Certificate money is for all
// of the market's vehicles together.
void ToProto(const engine::UncertainAnswer& answer, const uncertain::UncertainMarket& market,
             v1::GenerateContractResponse& response);

}  // namespace giot::rpc
