#pragma once

#include "giot/abci/v2/abci.pb.h"
#include "server/ledger/cometbft/application.h"

namespace giot::ledger {

// The engine must not make blocks that do not fit a message (abci_frame.h): InitChain refuses consensus parameters that
// allow more.
inline constexpr std::int64_t kMostBlockBytes = 48 << 20;

// What the application answers to a request; an exception for what fails, as for what no request of v0.38 is. Queries
// are an exception to that, as the engine ends upon one: they are answered with a status code of abseil. Path "/state",
// data a key: the value of that entry of the state. Vote extensions are empty; there are no snapshots.
abci::v2::Response Answer(Application& application, abci::v2::Request request);

}  // namespace giot::ledger
