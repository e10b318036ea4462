#pragma once

#include "absl/status/statusor.h"
#include "giot/v1/contract.pb.h"
#include "models/freshness/freshness_market.h"
#include "server/engine/freshness_engine.h"

namespace giot::rpc {

// InvalidArgument, naming the field by its path in the request ("market.freshness.
// update_costs[1]"), what it got and what it wanted.
absl::StatusOr<freshness::FreshnessMarket> MarketFrom(const v1::FreshnessMarket& message);

// Fills menu, choices, certificate and timings but for total_ns. Certificate money is for all
// of the market's vehicles together.
void ToProto(const engine::FreshnessAnswer& answer, const freshness::FreshnessMarket& market,
             v1::GenerateContractResponse& response);

}  // namespace giot::rpc
