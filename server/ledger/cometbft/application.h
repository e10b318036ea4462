#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/engine/mutex.h"
#include "server/ledger/cometbft/opened_cache.h"
#include "server/ledger/driver.h"
#include "server/ledger/ledger_database.h"
#include "server/ledger/proof/checkpoint.h"
#include "server/ledger/state/state_machine.h"

namespace giot::ledger {

// A block that is durable here.
struct CommittedBlock {
  std::int64_t height = 0;   // The engine's; grows by 1 from block to block, empty ones too.
  std::int64_t time_us = 0;  // Of the block, as its transactions saw it.
  // Of the log that ends with it. Its height is that of the last block that holds a transaction.
  Checkpoint checkpoint;
  std::vector<Placed> placed;  // Its transactions, in order.
};

// Told what the engine does, from the thread that serves it. May not call the application back but where said.
class ApplicationObserver {
 public:
  virtual ~ApplicationObserver() = default;

  // The validators agreed on block `height`, and by its header on the app hash that machine and database have now: two
  // thirds of them signed it. Called before that block changes anything, under the application's lock: be quick. Not
  // for the first block; twice for one that the engine brings again, after it or this process was started anew.
  virtual void OnDecided([[maybe_unused]] std::int64_t height, [[maybe_unused]] StateMachine& machine,
                         [[maybe_unused]] LedgerDatabase& database) {}
  // After a Commit, in order, without the lock: WithLedger may be called.
  virtual void OnCommitted([[maybe_unused]] const CommittedBlock& block) {}
  // Once, if ever: a block could not be persisted, or what is stored is damaged. The process must end; started
  // anew, the engine gives it again what it lacks.
  virtual void OnStopped([[maybe_unused]] const absl::Status& reason) {}
};

struct ApplicationOptions {
  std::filesystem::path path;  // Of the database; made if it is not there.
  std::string chain_id;        // The engine's, too.
  // Unix time, microseconds; the machine's clock if null. For what waits in the mempool and for proposals alone: blocks
  // have the engine's time.
  std::function<std::int64_t()> now_us;
  std::chrono::milliseconds most_wait{10'000};  // Of WithLedger, for a Commit.
  ApplicationObserver* observer = nullptr;      // Outlives the application.
  const char* vfs = nullptr;                    // SQLite's; null: the default.
};

// What the engine's genesis.json has as app_state: a JSON string, the base64 of a Genesis envelope.
std::string AppStateOf(std::string_view genesis_envelope);

// The state machine as CometBFT v0.38 drives it (ABCI 2.0), without the wire: decisions in, decisions out.
// Persists in Commit alone, a SQLite transaction a block; whatever comes before it (InitChain, too) is gone with the
// process, and the engine gives it again. Thread-safe: one lock for machine and database, which is not held while
// signatures are verified.
//
// Each envelope's signatures are verified once as a rule, though CheckTx, the proposal and the block all
// bring it (opened_cache.h).
class Application {
 public:
  // Errors are those of LedgerDatabase::Open and Recover; InvalidArgument for a chain id that is none;
  // FailedPrecondition for an embedded driver's file.
  static absl::StatusOr<std::unique_ptr<Application>> Open(ApplicationOptions options);

  Application(const Application&) = delete;
  Application& operator=(const Application&) = delete;

  const std::string& chain_id() const { return options_.chain_id; }

  // Errors of all below: Unavailable once it is stopped.

  struct Info {
    std::int64_t height = 0;  // That was committed last; 0: none.
    Digest app_hash{};
  };
  absl::StatusOr<Info> GetInfo();

  // Genesis as block 0; may come again until the first Commit. InvalidArgument if the chain id is not this one's, or
  // Genesis is not well-formed or refused; FailedPrecondition after a Commit. The node must then not start.
  absl::StatusOr<Digest> InitChain(std::string_view chain_id, std::string_view app_state);

  // Checks 1 to 8, at the time that a block would have now: only the mempool's filter. Not the rules: what they refuse
  // is logged with its code, as the embedded driver does; and whether they will is unknown as long as others wait.
  absl::StatusOr<v1::Code> CheckTx(std::string envelope);

  // Of those, in order, what fits `most_bytes` (as the engine counts them), passes checks 1 to 8 at the block's time,
  // and is there once. Empty if that time is more than kMostLagUs behind the clock: after a rest the engine's first
  // block has the time at which the rest began, its second the present.
  absl::StatusOr<std::vector<std::string>> PrepareProposal(std::vector<std::string> envelopes, std::int64_t most_bytes,
                                                           std::int64_t time_us);
  static constexpr std::int64_t kMostLagUs = 20'000'000;

  // False if one fails checks 1 to 5, or is there twice. Depends on the proposal alone, so that all honest
  // validators agree.
  bool ProcessProposal(std::vector<std::string> envelopes);

  // A decided block, whose app hash all validators must get. Its time is `time_us`, or the last block's if
  // that is later. Whatever was not committed is dropped first. FailedPrecondition if it is not the block after the
  // last committed one, or InitChain has not been called.
  struct Finalized {
    std::vector<Placed> placed;  // Of each transaction.
    Digest app_hash{};
  };
  absl::StatusOr<Finalized> FinalizeBlock(std::int64_t height, std::int64_t time_us,
                                          std::vector<std::string> envelopes);

  // FailedPrecondition without a finalized block. If it cannot be persisted: Unavailable, and it is stopped.
  absl::Status Commit();

  // The engine's connection is gone: nobody may commit what is open, so reads do not wait for it any more.
  void EngineLeft();

  // Refuses everything from now on, and tells the observer: for who finds that the process cannot go on.
  void Stop(const absl::Status& reason);

  // Calls `read` while machine and database hold the same, the last committed block, and returns what it returns. Waits
  // while a block is between FinalizeBlock and Commit. Unavailable if none was ever committed, the engine has left such
  // a block open or does not commit it within `most_wait`, or it is stopped.
  absl::Status WithLedger(const std::function<absl::Status(StateMachine& machine, LedgerDatabase& database)>& read);

 private:
  // What the machine holds beyond the database.
  enum class Uncommitted { kNothing, kGenesis, kPartOfBlock, kBlock };

  Application(ApplicationOptions options, LedgerDatabase database, StateMachine machine, std::int64_t height);

  // Drops what was not committed. DataLoss if the database no longer holds what was.
  absl::Status Return() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status ReadyFor(std::int64_t height) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void ApplyBlock(std::int64_t height, std::int64_t time_us,
                  const std::vector<std::shared_ptr<const OpenedTransaction>>& transactions)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<CommittedBlock> CommitBlock() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Stops if that is what the error means.
  absl::Status Judged(absl::Status status);

  const ApplicationOptions options_;
  OpenedCache cache_;

  engine::Mutex mutex_;
  engine::Condition changed_;  // uncommitted_, engine_left_ or stopped_.
  LedgerDatabase database_ ABSL_GUARDED_BY(mutex_);
  StateMachine machine_ ABSL_GUARDED_BY(mutex_);
  Info committed_ ABSL_GUARDED_BY(mutex_);
  Uncommitted uncommitted_ ABSL_GUARDED_BY(mutex_) = Uncommitted::kNothing;
  CommittedBlock block_ ABSL_GUARDED_BY(mutex_);  // That is open.
  std::int64_t time_us_ ABSL_GUARDED_BY(mutex_);  // Of the last block that came by here, empty or not.
  bool engine_left_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Status stopped_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace giot::ledger
