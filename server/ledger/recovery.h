#pragma once

#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "server/ledger/heads_file.h"
#include "server/ledger/ledger_database.h"
#include "server/ledger/proof/checkpoint.h"
#include "server/ledger/state/state_machine.h"

namespace giot::ledger {

// The machine that a database holds, checked as FORMAT.md section 8 says: the state's root, the log's
// root, app hash and signed checkpoint agree, and the log holds what `head` says was acknowledged.
// One of `keys` signed the checkpoint (the present key or a former one); none: the file need have no
// checkpoint (of a CometBFT application).
// DataLoss naming what does not fit: then nothing may be signed. The writer's thread, before it starts.
absl::StatusOr<StateMachine> Recover(LedgerDatabase& database, const std::optional<Head>& head,
                                     const std::vector<VerifierKey>& keys);

}  // namespace giot::ledger
