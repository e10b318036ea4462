#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "client/deals/ledger_folder.h"
#include "client/settlement/proven_ledger.h"
#include "models/quality/quality_model.h"
#include "server/ledger/state/entries.h"

namespace giot::client {

// Has as many auditors as decide fetch what was delivered for a disputed acceptance, score it again by `model` and
// vote. Returns the transactions placed. Replays are nothing that they can tell: an image alone says not whether it was
// sent before. Errors are those of the server and of ProvenLedger; DataLoss if the evidence is not what the ledger has
// the digest of; Internal if it cannot be scored; FailedPrecondition if there are too few auditors.
absl::StatusOr<int> Audit(ProvenLedger& ledger, const LedgerFolder& folder, const quality::QualityModel& model,
                          const ledger::TaskId& task, const ledger::PublicKey& vehicle);

}  // namespace giot::client
