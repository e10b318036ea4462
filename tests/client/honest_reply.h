#pragma once

#include "giot/v1/contract.pb.h"
#include "models/contract/screening_market.h"
#include "models/freshness/freshness_market.h"
#include "models/uncertain/uncertain_market.h"

namespace giot::client {

// A posted menu with a true certificate: the exact optimum.
v1::GenerateContractResponse HonestReply(const contract::ScreeningMarket& market);
// The menu that levels of 0 decode to: feasible, and not the best one.
v1::GenerateContractResponse HonestReply(const uncertain::UncertainMarket& market);
v1::GenerateContractResponse HonestReply(const freshness::FreshnessMarket& market);

}  // namespace giot::client
