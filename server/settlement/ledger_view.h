#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "giot/v1/settlement.pb.h"
#include "server/ledger/driver.h"
#include "server/ledger/proof/signed_note.h"
#include "server/settlement/evidence_store.h"
#include "server/settlement/operator_seat.h"
#include "server/settlement/scorer.h"
#include "server/settlement/task_files.h"

namespace giot::settlement {

// Answers from the ledger's state and log, as messages. Every call waits for the ledger's writer. Errors of all:
// InvalidArgument naming the field, and those of the driver. Thread-safe.
class LedgerView {
 public:
  // What it looks at; all outlive it.
  struct Sources {
    ledger::Driver& driver;
    const OperatorSeat& seat;
    const TaskFiles& tasks;
    const EvidenceStore& evidence;
    const absl::StatusOr<Scorer>& scorer;
    std::function<std::int64_t()> now_us;
  };
  // `driver_name` is "embedded" or "cometbft"; `verifier` of this server's checkpoints.
  LedgerView(Sources sources, std::string driver_name, ledger::VerifierKey verifier)
      : sources_(std::move(sources)), driver_name_(std::move(driver_name)), verifier_(std::move(verifier)) {}

  absl::StatusOr<v1::GetLedgerResponse> Ledger() const;

  absl::StatusOr<v1::ListTasksResponse> Tasks(const v1::ListTasksRequest& request) const;
  // NotFound.
  absl::StatusOr<v1::Task> Task(const std::string& id) const;
  // NotFound.
  absl::StatusOr<v1::Acceptance> Acceptance(const v1::GetAcceptanceRequest& request) const;
  absl::StatusOr<v1::ListAcceptancesResponse> Acceptances(const v1::ListAcceptancesRequest& request) const;
  absl::StatusOr<v1::GetAccountResponse> Account(const std::string& account) const;

  // NotFound; Unavailable while no checkpoint holds it.
  absl::StatusOr<std::string> Receipt(const std::string& transaction) const;
  absl::StatusOr<std::string> StateProof(const std::string& key) const;
  // OutOfRange.
  absl::StatusOr<std::string> ConsistencyProof(std::uint64_t old_size) const;

 private:
  std::int64_t NowUs() const;
  v1::Task TaskFrom(const ledger::TaskId& id, const ledger::TaskTerms& terms, const ledger::TaskFunds& funds) const;
  // nullopt if the task is not there any more.
  absl::StatusOr<std::optional<v1::Task>> TaskWithTerms(const ledger::TaskId& id, const ledger::TaskTerms& terms) const;
  v1::Acceptance AcceptanceFrom(const AcceptanceId& id, const ledger::Acceptance& entry) const;
  absl::Status AddCheckpoint(v1::GetLedgerResponse& response) const;
  absl::Status AddOperator(v1::GetLedgerResponse& response) const;

  const Sources sources_;
  const std::string driver_name_;
  const ledger::VerifierKey verifier_;
};

}  // namespace giot::settlement
