#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "giot/v1/settlement.pb.h"
#include "server/engine/worker_pool.h"
#include "server/ledger/driver.h"
#include "server/ledger/proof/ed25519.h"
#include "server/settlement/checkpoint_feed.h"
#include "server/settlement/deliveries.h"
#include "server/settlement/evidence_access.h"
#include "server/settlement/evidence_key.h"
#include "server/settlement/evidence_store.h"
#include "server/settlement/ledger_view.h"
#include "server/settlement/operator_seat.h"
#include "server/settlement/publisher.h"
#include "server/settlement/repeating.h"
#include "server/settlement/scorer.h"
#include "server/settlement/settler.h"
#include "server/settlement/task_files.h"

namespace giot::settlement {

struct SettlementOptions {
  std::string driver_name = "embedded";  // Of any other the blocks' times are others' to say.
  ledger::PublicKey checkpoint_key{};    // Of this server's checkpoints.
  std::filesystem::path task_folder;
  std::filesystem::path evidence_folder;
  std::int64_t evidence_bytes = std::int64_t{4} << 30;
  int threads = 4;                                     // That wait for the ledger and the disk.
  std::chrono::microseconds settle_every{0};           // 0: nobody ticks but who calls Tick.
  std::function<std::int64_t()> now_us;                // Unix time, microseconds; the machine's clock if null.
  std::function<void(const absl::Status&)> on_ledger;  // Told when the ledger stops (why), from the ticking thread.
};

// Buys sensing data on a ledger, for one operator: all parts of it, put together. Thread-safe.
class Settlement {
 public:
  // The driver must outlive it. Without a key it acts for nobody, without a scorer it scores nothing, and says why.
  // Errors are those of TaskFiles::Open and EvidenceStore::Open.
  static absl::StatusOr<std::unique_ptr<Settlement>> Open(ledger::Driver& driver,
                                                          std::optional<ledger::SecretKey> operator_key,
                                                          EvidenceKey evidence_key, absl::StatusOr<Scorer> scorer,
                                                          SettlementOptions options);
  // Waits for what it is at.
  ~Settlement() = default;

  const LedgerView& view() const { return view_; }
  Publisher& publisher() { return publisher_; }
  Deliveries& deliveries() { return deliveries_; }
  const EvidenceAccess& evidence_access() const { return evidence_access_; }
  CheckpointFeed& checkpoints() { return checkpoints_; }

  // Whether this server can act for its operator: as OperatorSeat::Account has it. Waits for the ledger.
  absl::Status CheckOperator() const { return seat_.Account().status(); }

  // Calls `work` once, on a thread that may wait for the ledger and the disk. Whoever calls bounds how much waits.
  void Run(std::function<void()> work) { workers_.Run(std::move(work)); }
  // The same on a thread of its own: publications wait for each other, and must not keep the others waiting.
  void RunPublishing(std::function<void()> work) { publishing_worker_.Run(std::move(work)); }

  // Has a signed transaction placed; `done` is called once, from a thread that must not wait for the ledger. A delivery
  // that was submitted is scored soon after. Errors are those of ledger::Driver::Submit.
  void Transact(std::string envelope, ledger::Driver::Done done);

  // Looks for a new checkpoint, then does what the settler does in a tick; true if there is more to do at once. One
  // thread at a time; not where settle_every is set.
  absl::StatusOr<bool> Tick();

 private:
  Settlement(ledger::Driver& driver, std::optional<ledger::SecretKey> operator_key, absl::StatusOr<Scorer> scorer,
             SettlementOptions options, std::unique_ptr<TaskFiles> tasks, std::unique_ptr<EvidenceStore> evidence);

  bool TickOnThread();

  ledger::Driver& driver_;
  const SettlementOptions options_;
  const absl::StatusOr<Scorer> scorer_;
  const OperatorSeat seat_;
  const std::unique_ptr<TaskFiles> tasks_;
  const std::unique_ptr<EvidenceStore> evidence_;
  const LedgerView view_;
  Publisher publisher_;
  Deliveries deliveries_;
  const EvidenceAccess evidence_access_;
  CheckpointFeed checkpoints_;
  Settler settler_;
  absl::Status ledger_status_;  // The ticking thread's.
  engine::WorkerPool workers_;  // Its work, and that of the following, uses what is above.
  engine::WorkerPool publishing_worker_;
  std::optional<Repeating> ticking_;
};

}  // namespace giot::settlement
