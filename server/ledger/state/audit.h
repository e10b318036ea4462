#pragma once

#include "absl/status/status.h"
#include "server/ledger/state/state_store.h"

namespace giot::ledger {

// What the entries themselves add up to, and whether every invariant of FORMAT.md section 5 that one
// state can show holds between them: also that keys, operators and parameters name each other, and
// that tasks count their acceptances. O(n), for verifiers and tests. InvalidArgument naming the
// first entry that breaks one.
absl::Status AuditState(const StateStore& state);

}  // namespace giot::ledger
