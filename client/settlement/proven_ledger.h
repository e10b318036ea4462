#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "client/clock.h"
#include "client/settlement/settlement_client.h"
#include "server/ledger/proof/checkpoint.h"
#include "server/ledger/proof/digest.h"
#include "server/ledger/proof/log_record.h"
#include "server/ledger/proof/signed_note.h"
#include "server/ledger/state/entries.h"

namespace giot::client {

// What became of a transaction, proved.
struct PlacedTransaction {
  ledger::Digest id{};
  std::uint64_t position = 0;  // In the log.
  std::int64_t time_us = 0;    // Of its block.
  ledger::v1::Code code = ledger::v1::CODE_OK;
  std::string receipt;  // To keep: verifies offline (FORMAT.md section 7).
};

// The ledger as far as proofs show it: nothing is believed of a server but what the checkpoint key, known
// beforehand, signed, and no checkpoint that is older than one seen before. What this cannot see is a ledger that is
// shown to others in another version; witnesses do. Thread-safe; calls block. Errors of all, besides those of the
// server: DataLoss for an answer that does not verify, with what was found; DeadlineExceeded.
class ProvenLedger {
 public:
  // `client` and `clock` outlive it. `key`, of the ledger's checkpoints, must not come from the server.
  ProvenLedger(SettlementClient& client, ledger::VerifierKey key, Clock& clock = Clock::Real());

  const std::string& chain_id() const { return key_.name; }
  const ledger::VerifierKey& key() const { return key_; }
  SettlementClient& client() { return client_; }
  Clock& clock() { return clock_; }

  // The ledger's time, for Wallet::Seal, Unix microseconds: this machine's clock, or the time of the last block that
  // was seen first, where that is ahead. FailedPrecondition if it is more than `kMostAhead` so: nothing proves what the
  // server says of it, and what is signed by it can be placed until it expires.
  absl::StatusOr<std::int64_t> NowUs();

  // The value of a state entry; nullopt: there is none, which is proved as well.
  absl::StatusOr<std::optional<std::string>> Read(std::string_view key);
  // NotFound: there is no such entry.
  absl::StatusOr<ledger::Parameters> ReadParameters();
  absl::StatusOr<ledger::Chain> ReadChain();
  absl::StatusOr<ledger::KeyEntry> ReadKey(const ledger::PublicKey& key);
  absl::StatusOr<ledger::OperatorEntry> ReadOperator(const ledger::Account& account);
  absl::StatusOr<ledger::TaskTerms> ReadTerms(const ledger::TaskId& task);
  absl::StatusOr<ledger::Acceptance> ReadAcceptance(const ledger::TaskId& task, const ledger::PublicKey& vehicle);
  // As an account begins, if there is none.
  absl::StatusOr<ledger::AccountEntry> ReadAccount(const ledger::Account& account);

  // What a task is about, as the server tells it, verified against the transaction that published it. NotFound: the
  // server does not have it.
  absl::StatusOr<v1::TaskDescription> ReadDescription(const ledger::TaskId& task);

  // Has an envelope (Wallet::Seal) placed and waits for its receipt, at most `kReceiptWait` longer than the call. A
  // rule that refuses it is no error: the code says so. May be repeated with the same envelope.
  absl::StatusOr<PlacedTransaction> Place(const std::string& envelope);
  // The same, with FailedPrecondition, naming the code, if a rule refuses it.
  absl::StatusOr<PlacedTransaction> PlaceSuccessfully(const std::string& envelope);

  // What the log has of a transaction. NotFound.
  absl::StatusOr<ledger::LogRecord> ReadRecord(const ledger::Digest& transaction);

  // The newest that was seen.
  std::optional<ledger::Checkpoint> newest() const;

  // Less than Wallet::kExpiryUs.
  static constexpr absl::Duration kMostAhead = absl::Minutes(4);
  // Under CometBFT a block's checkpoint comes with the next block.
  static constexpr absl::Duration kReceiptWait = absl::Seconds(20);

 private:
  template <typename Entry>
  absl::StatusOr<Entry> ReadEntry(std::string_view what, const std::string& key);
  absl::StatusOr<std::string> AwaitReceipt(const ledger::Digest& transaction);
  // `seen_before`: the newest checkpoint before the call that brought this one.
  absl::Status Note(const ledger::Checkpoint& checkpoint, const std::optional<ledger::Checkpoint>& seen_before);

  SettlementClient& client_;
  const ledger::VerifierKey key_;
  Clock& clock_;
  mutable std::mutex mutex_;
  std::optional<ledger::Checkpoint> newest_;  // Guarded by mutex_, as is the next.
  std::optional<std::int64_t> ahead_us_;      // Of this machine's clock.
};

}  // namespace giot::client
