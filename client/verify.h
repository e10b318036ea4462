#pragma once

#include "absl/status/status.h"
#include "giot/v1/contract.pb.h"
#include "models/contract/screening_market.h"

namespace giot::client {

// Checks a reply by computing it all again from the market that was asked for:
// the menu keeps every constraint, each type's best pick is its own, and the
// certificate's utility, optimum and slacks are true (to 1e-9 of the optimum's
// size). DataLoss naming the first field that is not, what it says and what is so.
absl::Status VerifyCertificate(const contract::ScreeningMarket& market, const v1::GenerateContractResponse& reply);

}  // namespace giot::client
