#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/ledger/proof/digest.h"

namespace giot::ledger {

// What a CometBFT v0.38 engine answers by JSON-RPC over HTTP. It is believed: it is this operator's
// own engine. One kept connection, so one thread at a time. No call takes longer than the timeout for
// connecting, sending and receiving each. Errors of all calls:
//   Unavailable        nothing was sent: nobody listens
//   DeadlineExceeded   it is unknown whether the engine has got the request: no answer, or a cut one
//   Internal           an answer that is none of this protocol, its start in the message
//   Aborted            the engine's own error, its words in the message, where a call states no other
class RpcClient {
 public:
  // InvalidArgument unless the address is "host:port".
  static absl::StatusOr<std::unique_ptr<RpcClient>> Create(const std::string& address,
                                                           std::chrono::milliseconds timeout);
  ~RpcClient();

  // The answer of CheckTx, of the application or, where the engine's pool has the transaction already,
  // `pooled` alone. ResourceExhausted: the pool is full; InvalidArgument: it is too large for the pool.
  struct Checked {
    bool pooled = false;
    std::uint32_t code = 0;
    std::string log;
  };
  absl::StatusOr<Checked> BroadcastTxSync(std::string_view transaction);

  struct Status {
    std::string chain_id;
    std::int64_t height = 0;  // Of the newest block.
    bool catching_up = false;
  };
  absl::StatusOr<Status> GetStatus();

  struct Block {
    std::int64_t height = 0;
    std::string app_hash;  // As of the block before.
    std::vector<std::string> transactions;
  };
  // OutOfRange if there is none of that height, not yet or no more.
  absl::StatusOr<Block> BlockAt(std::int64_t height);

 private:
  class Connection;

  explicit RpcClient(std::unique_ptr<Connection> connection);

  std::unique_ptr<Connection> connection_;
};

}  // namespace giot::ledger
