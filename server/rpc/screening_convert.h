#pragma once

#include "absl/status/statusor.h"
#include "giot/v1/contract.pb.h"
#include "models/contract/screening_market.h"
#include "server/engine/contract_engine.h"

namespace giot::rpc {

// InvalidArgument, naming the field by its path in the request ("market.screening.
// cost_types[1]"), what it got and what it wanted.
absl::StatusOr<contract::ScreeningMarket> MarketFrom(const v1::ScreeningMarket& message);

// Fills menu, certificate and timings but for total_ns. Certificate money is for all
// of the market's vehicles together.
void ToProto(const engine::Answer& answer, const contract::ScreeningMarket& market,
             v1::GenerateContractResponse& response);

}  // namespace giot::rpc
