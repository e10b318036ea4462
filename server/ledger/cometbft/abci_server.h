#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "server/ledger/cometbft/application.h"

namespace giot::ledger {

// ABCI 2.0 over a unix socket: CometBFT opens four connections (consensus, mempool, query,
// snapshot), each a stream of messages with a varint length before each. One thread a connection, all
// calls of the application under one mutex, which the driver's reads share. A message of more than
// 64 MiB, or one that does not parse, closes its connection. No exception leaves it.
class AbciServer {
 public:
  // The socket file is made with mode 0600; a stale one is replaced. Unavailable, FailedPrecondition (somebody
  // listens).
  static absl::StatusOr<std::unique_ptr<AbciServer>> Start(const std::string& socket_path, Application& application);

  virtual ~AbciServer() = default;
};

}  // namespace giot::ledger
