#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "giot/v1/settlement.pb.h"
#include "server/ledger/driver.h"

namespace giot::settlement {

// Submits and waits: not for a thread of the driver. Errors are those of ledger::Driver::Submit.
absl::StatusOr<ledger::Placed> Place(ledger::Driver& driver, std::string envelope);
// All at once, so that they may share a block; answers in their order.
std::vector<absl::StatusOr<ledger::Placed>> Place(ledger::Driver& driver, std::vector<std::string> envelopes);

v1::Placement ToProto(const ledger::Placed& placed);

}  // namespace giot::settlement
