#pragma once

#include <string_view>

#include "giot/ledger/v1/ledger.pb.h"
#include "server/ledger/proof/ed25519.h"

namespace giot::ledger {

// The part of check 9 (FORMAT.md section 2) that looks into what an Evidence shows, its plain lengths
// and ranges being right. FIELD_OUT_OF_RANGE: first or second is not what its kind says;
// BAD_INNER_SIGNATURE: one is not rightly signed for this chain, or they are signed by two keys;
// NOT_CONTRADICTORY. Pure, thread-safe.
v1::Code CheckEvidence(std::string_view chain_id, const v1::Evidence& evidence);

// The key that signed both parts. Requires evidence that CheckEvidence found to be OK.
PublicKey EvidenceSigner(const v1::Evidence& evidence);

}  // namespace giot::ledger
