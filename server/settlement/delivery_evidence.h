#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "giot/v1/settlement.pb.h"
#include "server/ledger/proof/digest.h"
#include "server/ledger/state/entries.h"

namespace giot::settlement {

// What the evidence store keeps of a delivery: the deterministic serialisation of a DeliveryEvidence.

// DataLoss if the bytes are none.
absl::StatusOr<v1::DeliveryEvidence> ParseEvidence(const std::string& bytes);

// Of what was delivered, salted, as the ledger has it.
ledger::Digest DataDigestOf(const v1::DeliveryEvidence& evidence);

// What it counts for in a task with these terms, 1e-6.
std::int32_t PayableOf(const v1::DeliveryEvidence& evidence, const ledger::TaskTerms& terms);

}  // namespace giot::settlement
