#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/ledger/ledger_database.h"
#include "server/ledger/state/state_machine.h"

namespace giot::ledger {

// The state machine as CometBFT v0.38 drives it (ABCI 2.0), without the wire: decisions in,
// decisions out. Persists in Commit alone; after a crash the engine replays what is missing. One thread
// at a time: the socket server (abci_server.h) serialises its four connections.
class Application {
 public:
  // Errors are those of LedgerDatabase::Open and Recover.
  static absl::StatusOr<std::unique_ptr<Application>> Open(LedgerDatabase database);

  struct Info {
    std::int64_t height = 0;  // That was committed last; 0: none.
    Digest app_hash{};
  };
  Info GetInfo() const;

  // Genesis, from the engine's app_state (base64 of the envelope, as JSON has it). InvalidArgument if
  // the machine refuses it: the node must not start.
  absl::StatusOr<Digest> InitChain(std::string_view chain_id, std::string_view app_state);

  // Checks 1 to 8 and the rules, at the last block's time: only the mempool's filter.
  v1::Code CheckTx(std::string_view envelope);
  // What fits `most_bytes`, in order, without those that fail checks 1 to 5.
  std::vector<std::string> PrepareProposal(std::vector<std::string> envelopes, std::int64_t most_bytes);
  // False if one fails checks 1 to 5. Depends on the proposal alone, so that all honest nodes agree.
  bool ProcessProposal(const std::vector<std::string>& envelopes);

  struct Finalized {
    std::vector<v1::Code> codes;
    Digest app_hash{};
  };
  Finalized FinalizeBlock(std::int64_t height, std::int64_t time_us, const std::vector<std::string>& envelopes);
  // Unavailable: the process must end, and the engine replays.
  absl::Status Commit();

  // Queries of the driver: the machine's, between blocks.
  StateMachine& machine() { return machine_; }
  LedgerDatabase& database() { return database_; }

 private:
  Application(LedgerDatabase database, StateMachine machine);

  LedgerDatabase database_;
  StateMachine machine_;
  std::int64_t committed_height_ = 0;
};

}  // namespace giot::ledger
