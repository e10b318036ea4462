#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "server/ledger/proof/ed25519.h"

namespace giot::bench {

// Payloads of exactly `bytes` bytes, all different: "key=value", as CometBFT's kvstore wants them.
std::vector<std::string> KeyValues(std::size_t count, std::size_t bytes);
// The same of transactions of this ledger: Deposits by the mint, each to an account of its own, filled up by their
// reference, which has at most 64 bytes; InvalidArgument if that cannot give `bytes`.
absl::StatusOr<std::vector<std::string>> DepositsOfSize(std::size_t count, std::size_t bytes,
                                                        const std::string& chain_id, const ledger::SecretKey& mint,
                                                        std::int64_t expires_us);

struct LoadOptions {
  std::vector<std::string> rpc_addresses;  // Connections take them in turn; blocks are read from the first.
  int connections = 8;
  double per_second = 0.0;      // 0: as fast as they are answered.
  std::size_t pending = 4'000;  // Accepted and not committed, at most about so many: a full pool drops some.
  std::chrono::seconds seconds{10};
  std::chrono::seconds most_wait{60};  // For what was accepted to be committed, after the last was sent.
};

struct LoadResult {
  std::size_t accepted = 0;   // By CheckTx, of all that were sent.
  std::size_t refused = 0;    // The pool was full, or rechecking; without a rate they are sent again until it is not.
  std::size_t committed = 0;  // Seen in a block.
  std::size_t blocks = 0;     // That held some.
  double seconds = 0.0;       // From the first sent to the last committed.
  double per_second = 0.0;    // Committed.
  double p50_ms = 0.0;        // Finality: from the broadcast's start until the block that holds it can be read.
  double p95_ms = 0.0;
};

// Sends them by broadcast_tx_sync until they or the time are up. Aborted if CheckTx refuses one.
absl::StatusOr<LoadResult> RunLoad(const std::vector<std::string>& transactions, const LoadOptions& options);

}  // namespace giot::bench
