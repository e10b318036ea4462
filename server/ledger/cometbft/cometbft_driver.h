#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "server/ledger/driver.h"

namespace giot::ledger {

struct CometbftOptions {
  std::filesystem::path path;  // The application's own database.
  std::string chain_id;
  std::string abci_socket;                    // That the engine connects to.
  std::string rpc_address;                    // The engine's RPC, "127.0.0.1:26657".
  std::chrono::milliseconds give_up{60'000};  // Submit then says Aborted.
  std::size_t most_waiting = 4096;
  std::function<std::int64_t()> now_us;  // As in EmbeddedOptions.
};

// The ledger of several operators: this process is one validator's application, beside its own CometBFT
// (which the operator supervises; each ends if the other does). Submit sends broadcast_tx_sync and
// waits for the application to see the transaction in a committed block; it never asks the
// engine to wait. Everything else is read from the application's database. A transaction of height
// H counts as placed, and a checkpoint of H is signed by this operator's key, when block H + 1
// arrives: two thirds of the validators have then signed H's app hash.
class CometbftDriver : public Driver {
 public:
  // Errors are those of LedgerDatabase::Open, Recover and AbciServer::Start. The engine need not run yet.
  static absl::StatusOr<std::unique_ptr<CometbftDriver>> Start(CometbftOptions options, SecretKey checkpoint_key);
};

}  // namespace giot::ledger
