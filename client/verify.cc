#include "client/verify.h"

#include "absl/status/statusor.h"
#include "client/conversion.h"

namespace giot::client {
namespace {

template <typename Market>
absl::Status Verify(const absl::StatusOr<Market>& market, const v1::GenerateContractResponse& reply) {
  return market.ok() ? VerifyCertificate(*market, reply) : market.status();
}

}  // namespace

absl::Status VerifyCertificate(const v1::GenerateContractRequest& request, const v1::GenerateContractResponse& reply) {
  switch (request.market_case()) {
    case v1::GenerateContractRequest::kScreening:
      return Verify(MarketFromProto(request.screening()), reply);
    case v1::GenerateContractRequest::kUncertain:
      return Verify(MarketFromProto(request.uncertain()), reply);
    case v1::GenerateContractRequest::kFreshness:
      return Verify(MarketFromProto(request.freshness()), reply);
    case v1::GenerateContractRequest::MARKET_NOT_SET:
      break;
  }
  return absl::InvalidArgumentError("market: got none, want one to verify the reply for");
}

}  // namespace giot::client
