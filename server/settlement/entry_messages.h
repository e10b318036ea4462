#pragma once

#include <cstdint>

#include "giot/v1/settlement.pb.h"
#include "server/ledger/state/entries.h"
#include "server/settlement/acceptance_id.h"

namespace giot::settlement {

// Entries of the state as messages. `now_us` is what deadlines are compared with.

v1::LedgerParameters ToProto(const ledger::Parameters& entry);
// All but the description.
v1::Task ToProto(const ledger::TaskId& id, const ledger::TaskTerms& terms, const ledger::TaskFunds& funds,
                 std::int64_t now_us);
// All but has_evidence.
v1::Acceptance ToProto(const AcceptanceId& id, const ledger::Acceptance& entry);

v1::AcceptanceState ToProto(ledger::AcceptanceStatus status);

}  // namespace giot::settlement
