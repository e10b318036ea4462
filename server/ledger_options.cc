#include "server/ledger_options.h"

#include "absl/flags/flag.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "server/ledger/proof/statement.h"

ABSL_FLAG(std::string, ledger, "", "database of the ledger; the server keeps none if empty");
ABSL_FLAG(std::string, ledger_driver, "embedded", "embedded, or cometbft for a ledger of several operators");
ABSL_FLAG(std::string, chain_id, "", "of the ledger: 1 to 48 of a-z 0-9 - . /");
ABSL_FLAG(std::string, ledger_genesis, "", "file with the envelope of Genesis, used where there is no database yet");
ABSL_FLAG(std::string, operator_key, "", "secret key of the operator that this server acts for; none if empty");
ABSL_FLAG(std::string, checkpoint_key, "", "secret key that signs the ledger's checkpoints");
ABSL_FLAG(std::string, former_checkpoint_keys, "",
          "file[,file...] of public or verifier keys that signed checkpoints before");
ABSL_FLAG(std::string, operator_token, "",
          "file with the token, mode 0600, by which PublishTask is allowed; nobody may publish if empty");
ABSL_FLAG(std::string, evidence_folder, "", "where deliveries are kept, encrypted; <ledger>.evidence if empty");
ABSL_FLAG(std::string, evidence_key, "",
          "secret key they are encrypted with, created if missing; <ledger>.evidence-key if empty");
ABSL_FLAG(std::int64_t, evidence_bytes, std::int64_t{4} << 30, "most bytes of them");
ABSL_FLAG(absl::Duration, settle_every, absl::Seconds(1), "how often deliveries and deadlines are looked at");
ABSL_FLAG(absl::Duration, snapshot_every, absl::ZeroDuration(),
          "how often a snapshot of the ledger is taken, to be backed up, at the start first; never if 0");
ABSL_FLAG(std::string, snapshot_folder, "", "where snapshots are put; <ledger>.snapshots if empty");
ABSL_FLAG(int, snapshots_kept, 3, "how many of them are kept, the newest");
ABSL_FLAG(bool, ledger_restored, false, "the ledger was restored on purpose: a missing heads file is made anew");
ABSL_FLAG(bool, ledger_upgrade, false, "bring a database of an older format to the present one: back it up first");
ABSL_FLAG(std::string, abci_socket, "", "cometbft: unix socket that the engine connects to");
ABSL_FLAG(std::string, cometbft_rpc, "127.0.0.1:26657", "cometbft: host:port of the engine's RPC");

namespace giot::server {
namespace {

absl::Status Bad(absl::string_view flag, const absl::AlphaNum& got, absl::string_view wanted) {
  return absl::InvalidArgumentError(absl::StrCat("--", flag, ": got '", got.Piece(), "', want ", wanted));
}

absl::Status ValidateDriver(const LedgerOptions& options) {
  if (options.driver == "embedded") return absl::OkStatus();
  if (options.driver != "cometbft") return Bad("ledger_driver", options.driver, "embedded or cometbft");
  if (options.abci_socket.empty()) return Bad("abci_socket", "", "the path of a socket, with --ledger_driver=cometbft");
  if (options.cometbft_rpc.empty()) return Bad("cometbft_rpc", "", "host:port, with --ledger_driver=cometbft");
  return absl::OkStatus();
}

}  // namespace

absl::Status Validate(const LedgerOptions& options, bool has_nonce_secret_file) {
  if (options.path.empty()) return absl::OkStatus();
  if (absl::Status status = ValidateDriver(options); !status.ok()) return status;
  if (!ledger::IsChainId(options.chain_id)) return Bad("chain_id", options.chain_id, "1 to 48 of a-z 0-9 - . /");
  if (options.checkpoint_key.empty()) return Bad("checkpoint_key", "", "a secret key's file, with --ledger");
  if (!options.operator_key.empty() && !has_nonce_secret_file) {
    return Bad("nonce_secret_file", "", "a file, with --operator_key: tasks commit to its secret");
  }
  if (options.evidence_bytes < 1) return Bad("evidence_bytes", options.evidence_bytes, "at least 1");
  if (options.settle_every < absl::Milliseconds(1) || options.settle_every > absl::Hours(1)) {
    return Bad("settle_every", absl::FormatDuration(options.settle_every), "1ms to 1h");
  }
  if (options.snapshot_every != absl::ZeroDuration() && options.snapshot_every < absl::Seconds(1)) {
    return Bad("snapshot_every", absl::FormatDuration(options.snapshot_every), "1s or more, or 0");
  }
  if (options.snapshots_kept < 1) return Bad("snapshots_kept", options.snapshots_kept, "at least 1");
  return absl::OkStatus();
}

LedgerOptions LedgerOptionsFromFlags() {
  LedgerOptions options;
  options.path = absl::GetFlag(FLAGS_ledger);
  options.driver = absl::GetFlag(FLAGS_ledger_driver);
  options.chain_id = absl::GetFlag(FLAGS_chain_id);
  options.genesis = absl::GetFlag(FLAGS_ledger_genesis);
  options.operator_key = absl::GetFlag(FLAGS_operator_key);
  options.checkpoint_key = absl::GetFlag(FLAGS_checkpoint_key);
  for (const absl::string_view file :
       absl::StrSplit(absl::GetFlag(FLAGS_former_checkpoint_keys), ',', absl::SkipEmpty())) {
    options.former_checkpoint_keys.emplace_back(std::string(file));
  }
  options.operator_token = absl::GetFlag(FLAGS_operator_token);
  options.evidence_folder = absl::GetFlag(FLAGS_evidence_folder);
  options.evidence_key = absl::GetFlag(FLAGS_evidence_key);
  options.evidence_bytes = absl::GetFlag(FLAGS_evidence_bytes);
  options.settle_every = absl::GetFlag(FLAGS_settle_every);
  options.snapshot_every = absl::GetFlag(FLAGS_snapshot_every);
  options.snapshot_folder = absl::GetFlag(FLAGS_snapshot_folder);
  options.snapshots_kept = absl::GetFlag(FLAGS_snapshots_kept);
  options.restored = absl::GetFlag(FLAGS_ledger_restored);
  options.upgrade = absl::GetFlag(FLAGS_ledger_upgrade);
  options.abci_socket = absl::GetFlag(FLAGS_abci_socket);
  options.cometbft_rpc = absl::GetFlag(FLAGS_cometbft_rpc);
  return options;
}

}  // namespace giot::server
