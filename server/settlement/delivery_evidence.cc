#include "server/settlement/delivery_evidence.h"

#include "server/ledger/proof/payable.h"
#include "server/ledger/proof/settlement_statement.h"

namespace giot::settlement {

absl::StatusOr<v1::DeliveryEvidence> ParseEvidence(const std::string& bytes) {
  v1::DeliveryEvidence evidence;
  if (evidence.ParseFromString(bytes)) return evidence;
  return absl::DataLossError("evidence: it does not parse");
}

ledger::Digest DataDigestOf(const v1::DeliveryEvidence& evidence) {
  ledger::Digest salt{};
  ledger::Digest sha256{};
  ledger::FromBytes(evidence.data_salt(), salt);
  ledger::FromBytes(evidence.score().data_sha256(), sha256);
  return ledger::DataDigest(salt, sha256);
}

std::int32_t PayableOf(const v1::DeliveryEvidence& evidence, const ledger::TaskTerms& terms) {
  const v1::SensingQualityScore& score = evidence.score();
  return ledger::PayableMicros(score.quality(), score.quality_lower(), static_cast<std::int32_t>(terms.delta),
                               static_cast<std::int32_t>(terms.allowance));
}

}  // namespace giot::settlement
