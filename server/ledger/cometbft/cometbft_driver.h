#pragma once

#include <atomic>
#include <chrono>
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

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/engine/mutex.h"
#include "server/ledger/cometbft/abci_server.h"
#include "server/ledger/cometbft/application.h"
#include "server/ledger/cometbft/decided_reads.h"
#include "server/ledger/cometbft/rpc_client.h"
#include "server/ledger/cometbft/submissions.h"
#include "server/ledger/driver.h"
#include "server/ledger/proof/checkpoint.h"
#include "server/ledger/proof/ed25519.h"

namespace giot::ledger {

struct CometbftOptions {
  std::filesystem::path path;  // The application's own database; made if it is not there.
  std::string chain_id;
  std::filesystem::path abci_socket;                  // That the engine connects to.
  std::string rpc_address;                            // The engine's RPC, "127.0.0.1:26657".
  std::chrono::milliseconds give_up{60'000};          // From Submit on; it then says Aborted.
  std::chrono::milliseconds broadcast_again{10'000};  // To an engine that may have forgotten (restarted).
  std::chrono::milliseconds most_wait{10'000};        // Of Prove and Export, for the block that shows the app hash.
  std::size_t most_waiting = 4096;
  std::size_t most_waiting_bytes = 32u << 20;
  std::function<std::int64_t()> now_us;  // As in ApplicationOptions.
  // Called at most once, from any thread: a block could not be persisted or what is stored is damaged, and the process
  // must end, so that the engine gives it again what it lacks.
  std::function<void(const absl::Status& reason)> on_stopped;
};

// The ledger of several operators: this process is one validator's application, beside its own CometBFT
// (which the operator supervises, docs/cometbft.md). Submit sends broadcast_tx_sync and waits for the
// application to see the transaction in a committed block; it never asks the engine to wait. Everything
// else is answered from the application's database. A transaction of height H counts as placed, and a
// checkpoint of H is signed by this operator's key, when block H + 1 arrives: its header shows the app
// hash of H, and two thirds of the validators have signed it. An empty block leaves the app hash as it is,
// so the checkpoint then is the one before. What the process found in its file is not signed: only once the engine has
// brought a block, and the next one shows the app hash that this process gave for it, is it known to be unaltered.
//
// Beyond driver.h: Submit says Unavailable if nobody listens at the engine's RPC, ResourceExhausted also if the
// engine's pool is full. Read and Scan see the last committed block; they, and all that reads, wait while the engine
// commits one (Application::WithLedger). While the newest block is not confirmed yet, Prove and Export wait for the
// next, which the engine makes at once, or after a start for the two that the above takes: Unavailable if they do not
// come within `most_wait`.
class CometbftDriver final : public Driver, private ApplicationObserver {
 public:
  // Errors are those of Application::Open, AbciServer::Start and RpcClient::Create. The engine need not run
  // yet; there is no checkpoint before its second block from then on.
  static absl::StatusOr<std::unique_ptr<CometbftDriver>> Start(CometbftOptions options, SecretKey checkpoint_key);

  // Leaves the engine, then answers what waits (Submissions::Close).
  ~CometbftDriver() override;

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
  // What two thirds of the validators have signed.
  struct Agreed {
    std::int64_t height = -1;  // The engine's, of the newest block whose app hash a later one shows.
    Checkpoint checkpoint;
    std::string note;  // Empty until it is known.
  };
  using LedgerRead = DecidedReads::Read;

  CometbftDriver(CometbftOptions options, SecretKey checkpoint_key);

  absl::Status Open();
  // Why, if it has stopped.
  absl::Status Stopped() const;
  // How much is agreed on already when the process starts.
  absl::Status Resume();

  void OnDecided(std::int64_t height, StateMachine& machine, LedgerDatabase& database) override;
  void OnCommitted(const CommittedBlock& block) override;
  void OnStopped(const absl::Status& reason) override;

  // Threads.
  void Broadcast(RpcClient& engine);
  void TellAll();

  void Try(RpcClient& engine, const Submissions::Attempt& attempt);
  void Judge(const Submissions::Attempt& attempt, v1::Code code, const std::string& log);
  // Answers with the first place of a transaction that is in the log; false: it is not.
  bool AnswerFromLog(const Digest& id);
  absl::StatusOr<Placed> FirstPlace(const Digest& id);

  Agreed agreed() const;
  // Agreed, with a checkpoint; `missing` if there is none.
  absl::StatusOr<Agreed> AgreedOr(const absl::Status& missing) const;
  void Sign(std::int64_t height, const StateMachine& machine);
  void Stop(const absl::Status& reason);
  absl::Status WithLedger(const LedgerRead& read);
  template <typename Answer>
  absl::StatusOr<Answer> Ask(const std::function<absl::StatusOr<Answer>(StateMachine&, LedgerDatabase&)>& question);
  // Runs `read` when the machine holds just what is agreed.
  absl::Status WhenAgreed(const LedgerRead& read);

  const CometbftOptions options_;
  const SecretKey checkpoint_key_;
  std::atomic<std::int64_t> block_time_us_ = 0;
  std::atomic<std::int64_t> committed_height_ = -1;  // The engine's, of the newest block that this process applied.
  mutable engine::Mutex mutex_;
  Agreed agreed_ ABSL_GUARDED_BY(mutex_);
  absl::Status stopped_ ABSL_GUARDED_BY(mutex_);
  Submissions submissions_;
  DecidedReads decided_reads_;
  engine::Mutex export_mutex_;  // One at a time.
  std::unique_ptr<Application> application_;
  std::unique_ptr<AbciServer> server_;
  std::vector<std::unique_ptr<RpcClient>> engines_;  // A broadcaster each.
  std::vector<std::thread> threads_;                 // Last.
};

}  // namespace giot::ledger
