#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/ledger/driver.h"
#include "server/ledger/heads_file.h"
#include "server/ledger/ledger_database.h"
#include "server/ledger/state/state_machine.h"
#include "server/ledger/writer_queue.h"

namespace giot::ledger {

struct EmbeddedOptions {
  std::filesystem::path path;  // Of the database; the heads file is beside it.
  std::string chain_id;
  std::string genesis;     // Envelope, for a new ledger; empty: open an existing one.
  std::size_t group = 64;  // Most transactions of a block.
  std::size_t most_waiting = 4096;
  std::size_t most_waiting_bytes = 32u << 20;
  int most_log_frames = LedgerDatabase::kMostLogFrames;
  bool trust_missing_heads = false;               // Restored on purpose: a missing heads file is made anew.
  bool upgrade = false;                           // A file of an older format is upgraded (format_upgrade.h).
  std::vector<PublicKey> former_checkpoint_keys;  // Rotated away; the stored checkpoint may be theirs.
  // Unix time, microseconds; the machine's clock if null. Block times never fall, whatever it says.
  std::function<std::int64_t()> now_us;
  const char* vfs = nullptr;  // SQLite's, for database and heads file; null: the default.
};

// The ledger of one machine in one SQLite file. A thread of its own writes: it takes what waits, up
// to a group, as one block; applies it, signs the checkpoint, commits, writes the heads file, and
// only then answers. Signatures are verified in Submit, on the caller's thread. Reads and proofs run on
// the writer's thread too, between groups, so that they see durable blocks alone. After a
// failed write it stops: the group that was being written is answered Aborted, since it may be found after
// opening anew; everything else Unavailable, until a new driver opens the file.
class EmbeddedDriver final : public Driver {
 public:
  // Opens, checks (recovery.h) and starts; for a new ledger applies Genesis as block 0. Errors are those
  // of LedgerDatabase::Open, HeadsFile::Open, Recover and, where asked for, UpgradeFormat; InvalidArgument if Genesis
  // is refused; FailedPrecondition if the file holds no block, because its creation was interrupted; DataLoss, and no
  // file is made, if a new one is wanted where a heads file tells of a ledger that is missing.
  static absl::StatusOr<std::unique_ptr<EmbeddedDriver>> Open(EmbeddedOptions options, SecretKey checkpoint_key);

  // Answers what waits: nothing that was promised is dropped. Takes no longer than one group.
  ~EmbeddedDriver() override;

  // Whether a slot of the heads file was found damaged (heads_file.h): to be told to the operator.
  bool found_damaged_heads() const { return found_damaged_heads_; }

  const std::string& chain_id() const override { return options_.chain_id; }
  void Submit(std::string envelope, Done done) override;
  absl::StatusOr<Placed> Find(const Digest& id) override;
  absl::StatusOr<std::string> Read(std::string_view key) override;
  absl::StatusOr<std::vector<std::pair<std::string, std::string>>> Scan(std::string_view prefix, std::string_view from,
                                                                        int most) override;
  absl::StatusOr<Receipt> ReceiptOf(const Digest& id) override;
  absl::StatusOr<StateProofFile> Prove(std::string_view key) override;
  absl::StatusOr<ConsistencyProof> ProveConsistency(std::uint64_t old_size) override;
  absl::StatusOr<std::string> LatestCheckpoint() override;
  std::int64_t BlockTimeUs() override { return block_time_us_.load(std::memory_order_relaxed); }
  absl::Status Export(const std::filesystem::path& path) override;

 private:
  EmbeddedDriver(EmbeddedOptions options, SecretKey checkpoint_key, LedgerDatabase database, HeadsFile heads,
                 StateMachine machine);

  static absl::StatusOr<std::unique_ptr<EmbeddedDriver>> Created(EmbeddedOptions options, SecretKey checkpoint_key);
  static absl::StatusOr<std::unique_ptr<EmbeddedDriver>> Existing(EmbeddedOptions options, SecretKey checkpoint_key);

  // The writer's thread.
  void Write();
  void WriteGroup(std::vector<WriterQueue::Waiting> group);
  // What became of a transaction before this group, or nullopt if it is to be placed now.
  std::optional<absl::StatusOr<Placed>> Settled(const OpenedTransaction& transaction, std::int64_t now_us);
  absl::StatusOr<Placed> FirstPlace(const Digest& id);
  // Places what has no answer yet, unless the ledger was found `altered`.
  void WriteBlock(const std::vector<WriterQueue::Waiting>& group, std::int64_t now_us, const absl::Status& altered,
                  std::vector<std::optional<absl::StatusOr<Placed>>>& answers);
  // What the machine has come to: signed, committed, in the heads file. Unavailable: the ledger is stopped.
  absl::Status Persist();

  // Runs `read` between groups and waits for it.
  absl::Status OnWriter(const std::function<absl::Status()>& read);
  template <typename Answer>
  absl::StatusOr<Answer> Ask(const std::function<absl::StatusOr<Answer>()>& question);

  const EmbeddedOptions options_;
  const SecretKey checkpoint_key_;
  bool found_damaged_heads_ = false;
  // The writer's alone.
  LedgerDatabase database_;
  HeadsFile heads_;
  StateMachine machine_;
  Checkpoint checkpoint_;
  std::string note_;
  // Shared.
  std::atomic<std::int64_t> block_time_us_ = 0;
  WriterQueue queue_;
  std::thread writer_;  // Last.
};

}  // namespace giot::ledger
