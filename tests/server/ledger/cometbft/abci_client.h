#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "giot/abci/v2/abci.pb.h"
#include "server/ledger/cometbft/abci_frame.h"
#include "server/ledger/proof/files.h"

namespace giot::ledger {

// The engine's end of one connection.
class AbciClient {
 public:
  // Aborts if nobody listens.
  explicit AbciClient(const std::filesystem::path& socket_path);

  void Send(std::string_view bytes);
  void Send(const abci::v2::Request& request);
  // nullopt once the other side has closed the connection.
  std::optional<abci::v2::Response> Receive();
  // Aborts if the connection is closed.
  abci::v2::Response Call(const abci::v2::Request& request);
  // Sends nothing more, and waits for the other side to close.
  void CloseSending();

 private:
  FileDescriptor socket_;
  FrameReader reader_;
};

}  // namespace giot::ledger
