#pragma once

#include "absl/status/statusor.h"
#include "giot/v1/contract.pb.h"
#include "models/contract/menu.h"
#include "models/contract/screening_market.h"

namespace giot::client {

// A market as the wire states it, checked by nobody: the server will.
v1::ScreeningMarket ToProto(const contract::ScreeningMarketSpec& spec);
v1::ScreeningMarket ToProto(const contract::ScreeningMarket& market);

// Errors as of ScreeningMarket::Create.
absl::StatusOr<contract::ScreeningMarket> MarketFromProto(const v1::ScreeningMarket& message);

// DataLoss if the reply has no item or more than kMaxTypes.
absl::StatusOr<contract::PostedMenu> MenuFromProto(const v1::GenerateContractResponse& message);

}  // namespace giot::client
