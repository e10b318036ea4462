#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/engine/mutex.h"
#include "server/ledger/driver.h"
#include "server/settlement/acceptance_id.h"
#include "server/settlement/evidence_store.h"
#include "server/settlement/operator_seat.h"
#include "server/settlement/scorer.h"
#include "server/settlement/task_files.h"

namespace giot::settlement {

// What an operator owes its ledger: scores deliveries that were submitted, settles acceptances and tasks of its own
// after their deadlines, and forgets what is over: the evidence of an acceptance that is final; files whose entries are
// not on the ledger once the time of its last block is past all windows of the task, as its terms or its publication
// have them, never by the clock alone: entries are missing too while a ledger is replayed, and in an older copy.
// Evidence without entries and without the task's file is kept. Everything follows from the ledger's state and the
// files, so that it goes on after a restart. It looks at all of them in turn, so many a tick.
//
// Transactions that the rules refuse are logged on the ledger for ever, so none is sent that cannot go through by this
// server's clock; one that is refused all the same is tried again after kRetryUs.
class Settler {
 public:
  // All outlive it.
  Settler(ledger::Driver& driver, const OperatorSeat& seat, TaskFiles& tasks, EvidenceStore& evidence,
          std::function<std::int64_t()> now_us)
      : driver_(driver), seat_(seat), tasks_(tasks), evidence_(evidence), now_us_(std::move(now_us)) {}

  static constexpr int kMostLookedAt = 256;  // Entries of a kind a tick.
  static constexpr int kMostPlaced = 64;     // Transactions a tick.
  static constexpr std::size_t kMostNoted = 4096;
  static constexpr std::int64_t kRetryUs = 30'000'000;

  // One thread at a time; waits for the ledger. Whether there is more to do at once. Errors of the driver; those of
  // single files and transactions are logged.
  absl::StatusOr<bool> Tick();

  // A delivery was submitted: it is looked at in the next tick. Thread-safe, never waits for the ledger.
  void Note(const AcceptanceId& id);

 private:
  // A transaction, and the entry that it is about.
  struct Planned {
    std::string entry;
    ledger::v1::Body body;
  };
  // The state that a tick meets, as far as it asked for it.
  struct Meeting;

  std::vector<AcceptanceId> TakeNoted();
  absl::Status LookAtDelivery(const AcceptanceId& id, Meeting& meeting);
  absl::Status LookAtDeliveries(Meeting& meeting);
  absl::Status LookAtAcceptances(Meeting& meeting);
  absl::Status LookAtTasks(Meeting& meeting);
  absl::Status LookAtTaskFiles(Meeting& meeting);
  // Whether nothing of the task can come onto the ledger any more; false where that is unknown.
  bool IsOver(const ledger::TaskId& task, const std::optional<ledger::TaskTerms>& terms, const Meeting& meeting) const;
  bool HasEvidenceOf(const ledger::TaskId& task) const;
  absl::Status Score(const AcceptanceId& id, const ledger::Acceptance& acceptance, const ledger::TaskTerms& terms,
                     Meeting& meeting);
  // Whether what was tried for the entry and refused may be tried again.
  bool MayTry(const std::string& entry, const Meeting& meeting) const;
  void Plan(Meeting& meeting, std::string entry, ledger::v1::Body body);
  absl::Status PlacePlanned(Meeting& meeting);

  ledger::Driver& driver_;
  const OperatorSeat& seat_;
  TaskFiles& tasks_;
  EvidenceStore& evidence_;
  const std::function<std::int64_t()> now_us_;

  // The ticking thread's.
  std::optional<AcceptanceId> last_delivery_;
  std::string next_acceptance_ = "a";  // Keys of entries: where the next tick begins.
  std::string next_task_ = "u";
  std::optional<ledger::TaskId> last_task_file_;
  std::map<std::string, std::int64_t> not_before_;  // By entry, of what was refused.

  engine::Mutex mutex_;
  std::deque<AcceptanceId> noted_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace giot::settlement
