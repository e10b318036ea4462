#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "giot/v1/settlement.pb.h"
#include "server/engine/mutex.h"
#include "server/ledger/driver.h"
#include "server/settlement/acceptance_id.h"
#include "server/settlement/evidence_store.h"
#include "server/settlement/operator_seat.h"
#include "server/settlement/scorer.h"
#include "server/settlement/task_files.h"

namespace giot::settlement {

// Takes in what acceptances promised: scores it, keeps it as evidence, signs the receipt. An acceptance has one
// receipt, for what came first; only what is durable is signed for. Thread-safe.
class Deliveries {
 public:
  using Done = std::function<void(absl::StatusOr<v1::DeliverDataResponse>)>;
  // Has work done on a thread that may wait for the ledger and for the disk.
  using Run = std::function<void(std::function<void()>)>;

  // All outlive it. Without a scorer nothing is delivered, for the reason given.
  Deliveries(ledger::Driver& driver, const OperatorSeat& seat, const TaskFiles& tasks, EvidenceStore& evidence,
             const absl::StatusOr<Scorer>& scorer, Run run, std::function<std::int64_t()> now_us);

  // Calls `done` once, before it returns or later on another thread; the request must live until then. Waits for the
  // ledger. Errors:
  //   InvalidArgument     a field is missing or out of range, or a signature does not verify
  //   NotFound            there is no such acceptance
  //   AlreadyExists       it delivered other data before
  //   FailedPrecondition  it is too late, the acceptance is past delivery, the task is not this operator's or was
  //                       promised another scorer, or there is no operator or scorer
  //   Aborted             the same acceptance delivers at this moment
  //   ResourceExhausted   there is no room for its evidence; it was not scored
  //   Internal            the scorer did not go by the task's requirements
  // and those of the scorer, the evidence store and the driver.
  void Deliver(const v1::DeliverDataRequest& request, Scorer::Wanted wanted, Done done);

 private:
  struct Call;

  // What an earlier call was answered, or nullopt where there is to be scored.
  absl::StatusOr<std::optional<v1::DeliverDataResponse>> Begin(Call& call);
  absl::Status Check(Call& call) const;
  absl::Status Enter(Call& call);
  void Leave(const Call& call);
  absl::Status ReadAcceptance(Call& call) const;
  absl::Status CheckAcceptance(const Call& call) const;
  absl::Status Fill(Call& call) const;
  absl::Status ReserveRoom(Call& call);
  // Internal if the score was reckoned with others than the task's.
  absl::Status CheckRequirements(const Call& call, const v1::SensingQualityScore& score) const;
  absl::StatusOr<std::optional<v1::DeliverDataResponse>> Earlier(const Call& call) const;
  absl::StatusOr<v1::DeliverDataResponse> Finish(Call& call, const absl::StatusOr<v1::SensingQualityScore>& score);
  v1::DeliverDataResponse Receipt(const Call& call, const v1::DeliveryEvidence& evidence) const;

  ledger::Driver& driver_;
  const OperatorSeat& seat_;
  const TaskFiles& tasks_;
  EvidenceStore& evidence_;
  const absl::StatusOr<Scorer>& scorer_;
  const Run run_;
  const std::function<std::int64_t()> now_us_;
  engine::Mutex mutex_;
  std::set<AcceptanceId> delivering_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace giot::settlement
