#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "client/settlement/settlement_client.h"
#include "server/ledger/proof/witness.h"

namespace giot::client {

// Has a witness look at a server's newest checkpoint: the note with the cosignature added. DataLoss if the ledger
// contradicts what the witness saw before, also where it cannot prove that it does not; what contradicts is
// kept as ledger::Witness says. Other errors are those of the server and of the witness's file.
absl::StatusOr<std::string> CosignNewest(SettlementClient& client, ledger::Witness& witness);

}  // namespace giot::client
