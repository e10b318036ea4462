#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "server/rpc/settlement_service.h"

namespace giot::server {

struct LedgerOptions {
  std::filesystem::path path;       // Of the database; empty: the server keeps no ledger.
  std::string driver = "embedded";  // Or "cometbft".
  std::string chain_id;
  std::filesystem::path genesis;       // An envelope, as it is; used where there is no database yet.
  std::filesystem::path operator_key;  // Empty: the server acts for no operator.
  std::filesystem::path checkpoint_key;
  std::vector<std::filesystem::path> former_checkpoint_keys;  // Public keys or verifier keys.
  std::filesystem::path operator_token;                       // Empty: nobody may publish.
  std::filesystem::path evidence_folder;                      // Empty: <path>.evidence.
  std::filesystem::path evidence_key;                         // Empty: <path>.evidence-key. Made if it is not there.
  std::int64_t evidence_bytes = std::int64_t{4} << 30;
  absl::Duration settle_every = absl::Seconds(1);
  absl::Duration snapshot_every = absl::ZeroDuration();  // 0: no snapshots are taken.
  std::filesystem::path snapshot_folder;                 // Empty: <path>.snapshots.
  int snapshots_kept = 3;
  bool restored = false;              // A missing heads file is made anew.
  bool upgrade = false;               // A database of an older format is brought to the present one.
  std::filesystem::path abci_socket;  // CometBFT: where the engine connects.
  std::string cometbft_rpc;           // CometBFT: the engine's RPC, "127.0.0.1:26657".
  rpc::SettlementServiceOptions service;
  // CometBFT: told once, from any thread, why this process must end, so that the engine gives it again what it lacks.
  std::function<void(const absl::Status& reason)> on_must_end;
  // Unix time, microseconds, of ledger and settlement; the machine's clock if null.
  std::function<std::int64_t()> now_us;
};

// InvalidArgument naming the flag, what it got and what it wanted. `has_nonce_secret_file`: --nonce_secret_file is set.
absl::Status Validate(const LedgerOptions& options, bool has_nonce_secret_file);

// What the command-line flags say, not validated.
LedgerOptions LedgerOptionsFromFlags();

}  // namespace giot::server
