#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "giot/v1/contract.pb.h"
#include "giot/v1/settlement.pb.h"
#include "server/engine/mutex.h"
#include "server/ledger/driver.h"
#include "server/settlement/operator_seat.h"
#include "server/settlement/scorer.h"
#include "server/settlement/task_files.h"

namespace giot::settlement {

// The items that a task can have: without those that ask or pay nothing, equal ones once, in order.
// FailedPrecondition if none is left, or more than a menu may have.
absl::StatusOr<std::vector<ledger::TaskItem>> TaskMenu(const v1::GenerateContractResponse& contract);

// What the next block's time is taken from.
enum class BlockClock {
  kThisServers,  // This server writes the blocks itself.
  kOthers,       // It may lag behind this server's without bound.
};

// Publishes tasks, each once however often the call is made. Thread-safe; calls wait for the ledger, so they
// are not for its threads.
class Publisher {
 public:
  // All outlive it. Without a scorer nothing is published, for the reason given.
  Publisher(ledger::Driver& driver, const OperatorSeat& seat, TaskFiles& files, const absl::StatusOr<Scorer>& scorer,
            std::function<std::int64_t()> now_us, BlockClock clock)
      : driver_(driver), seat_(seat), files_(files), scorer_(scorer), now_us_(std::move(now_us)), clock_(clock) {}

  // Whether the request could be published, but for its contract. InvalidArgument naming the field;
  // FailedPrecondition without operator or scorer; errors of the driver.
  absl::Status Check(const v1::PublishTaskRequest& request) const;

  // The placement of an earlier call's task; nullopt if there was none, or its transaction can no longer be placed.
  // Submits it again if that is unknown. Aborted if it has expired by this clock, but may still come into a block whose
  // time lags behind; FailedPrecondition with the code's name if the ledger refused it; errors of
  // the driver.
  absl::StatusOr<std::optional<ledger::Placed>> Earlier(const std::string& request_id);

  // Publishes, or does as Earlier. Requires a request that passed Check. FailedPrecondition as TaskMenu has it, or with
  // the code's name if the ledger refuses the task; errors of TaskFiles::Put and the driver.
  absl::StatusOr<ledger::Placed> Publish(const v1::PublishTaskRequest& request,
                                         const v1::GenerateContractResponse& contract);

 private:
  absl::StatusOr<std::optional<ledger::Placed>> EarlierLocked(const std::string& request_id)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(publishing_);
  // No block that is still to come has an earlier time.
  std::int64_t LeastNextBlockTimeUs() const;
  ledger::v1::Body BodyOf(const v1::PublishTaskRequest& request, const std::vector<ledger::TaskItem>& menu) const;

  ledger::Driver& driver_;
  const OperatorSeat& seat_;
  TaskFiles& files_;
  const absl::StatusOr<Scorer>& scorer_;
  const std::function<std::int64_t()> now_us_;
  const BlockClock clock_;
  engine::Mutex publishing_;  // One task at a time: no two of one request_id.
};

}  // namespace giot::settlement
