#pragma once

#include <filesystem>
#include <memory>

#include "absl/status/statusor.h"
#include "server/ledger/cometbft/application.h"

namespace giot::ledger {

// ABCI 2.0 over a unix socket: CometBFT opens four connections (consensus, mempool, query, snapshot), each a stream of
// messages (abci_frame.h). One thread a connection; at most kMostConnections, further ones are closed. What cannot be
// read (cut, oversized, garbage) closes its connection; a call that fails is answered with an exception, upon which the
// engine ends. No exception of C++ leaves it.
class AbciServer {
 public:
  static constexpr int kMostConnections = 16;

  // The socket file is made with mode 0600; one that nobody listens on is replaced. InvalidArgument if the path is too
  // long for a socket; FailedPrecondition if somebody listens, or it is another kind of file; Unavailable.
  // The application outlives the server.
  static absl::StatusOr<std::unique_ptr<AbciServer>> Start(const std::filesystem::path& socket_path,
                                                           Application& application);

  // Ends all connections, waits for the calls that run, removes the socket file.
  virtual ~AbciServer() = default;
};

}  // namespace giot::ledger
