#pragma once

#include "absl/status/status.h"
#include "giot/v1/contract.pb.h"
#include "models/contract/screening_market.h"
#include "models/freshness/freshness_market.h"
#include "models/uncertain/uncertain_market.h"

namespace giot::client {

// Checks a reply by computing it all again from the market that was asked for: the
// menu keeps every constraint, each type's best pick is its own, and the
// certificate's numbers are true: utility, optimum or upper bound, slacks,
// participation. Money to 1e-9 of its size, an upper bound to 2e-6. DataLoss naming the first field
// that is not, what it says and what is so.
absl::Status VerifyCertificate(const contract::ScreeningMarket& market, const v1::GenerateContractResponse& reply);
absl::Status VerifyCertificate(const uncertain::UncertainMarket& market, const v1::GenerateContractResponse& reply);
absl::Status VerifyCertificate(const freshness::FreshnessMarket& market, const v1::GenerateContractResponse& reply);

// The same for the market of a request, of whatever family. InvalidArgument if it has
// none or one that is not valid.
absl::Status VerifyCertificate(const v1::GenerateContractRequest& request, const v1::GenerateContractResponse& reply);

}  // namespace giot::client
