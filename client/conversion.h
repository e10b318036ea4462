#pragma once

#include "absl/status/statusor.h"
#include "giot/v1/contract.pb.h"
#include "models/contract/menu.h"
#include "models/contract/screening_market.h"
#include "models/freshness/freshness_market.h"
#include "models/freshness/menu.h"
#include "models/uncertain/uncertain_market.h"

namespace giot::client {

// A market as the wire states it, checked by nobody: the server will.
v1::ScreeningMarket ToProto(const contract::ScreeningMarketSpec& spec);
v1::ScreeningMarket ToProto(const contract::ScreeningMarket& market);
v1::UncertainMarket ToProto(const uncertain::UncertainMarket& market);
v1::FreshnessMarket ToProto(const freshness::FreshnessMarket& market);

// Errors as of the market's Create.
absl::StatusOr<contract::ScreeningMarket> MarketFromProto(const v1::ScreeningMarket& message);
absl::StatusOr<uncertain::UncertainMarket> MarketFromProto(const v1::UncertainMarket& message);
absl::StatusOr<freshness::FreshnessMarket> MarketFromProto(const v1::FreshnessMarket& message);

// Of a screening or uncertain market, item k for type k. DataLoss if the reply has no
// item or more than contract::kMaxTypes.
absl::StatusOr<contract::PostedMenu> MenuFromProto(const v1::GenerateContractResponse& message);

// Of a freshness market with `types` types. DataLoss if the reply has more than
// freshness::kMaxItems items, or not one choice a type, each of an item there is or -1.
absl::StatusOr<freshness::PostedMenu> FreshnessMenuFromProto(const v1::GenerateContractResponse& message, int types);

}  // namespace giot::client
