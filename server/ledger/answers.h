#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/ledger/driver.h"
#include "server/ledger/ledger_database.h"
#include "server/ledger/proof/checkpoint.h"
#include "server/ledger/proof/log_record.h"
#include "server/ledger/state/state_machine.h"

namespace giot::ledger {

// Of the machine's whole log, as of its last block.
Checkpoint CheckpointOf(const StateMachine& machine);

// Answers from what a driver has persisted, each checked against the machine's roots before it is
// given: DataLoss if a row is not what it was. Of durable blocks alone: not within a block, nor before what
// the machine did is committed. The database and the machine must outlive it; the thread is theirs.
class Answers {
 public:
  Answers(LedgerDatabase& database, StateMachine& machine) : database_(database), machine_(machine) {}

  // OutOfRange unless the position is in the log.
  absl::StatusOr<LogRecord> RecordAt(std::uint64_t position);
  absl::StatusOr<Placed> At(std::uint64_t position);
  // Its first place where it counted as seen: not with a code of the checks before that. NotFound.
  absl::StatusOr<Placed> Find(const Digest& id);

  // Against a checkpoint of this log, at most as long as it is. NotFound; FailedPrecondition if
  // the transaction came later.
  absl::StatusOr<Receipt> ReceiptOf(const Digest& id, const Checkpoint& checkpoint, std::string_view note);
  // OutOfRange if the checkpoint is shorter.
  absl::StatusOr<ConsistencyProof> ProveConsistency(std::uint64_t old_size, const Checkpoint& checkpoint,
                                                    std::string_view note);
  // The note is of the machine's own app hash.
  absl::StatusOr<StateProofFile> Prove(std::string_view key, std::string_view note);

 private:
  struct Found {
    std::uint64_t position = 0;
    LogRecord record;
    std::vector<Digest> proof;
  };

  absl::StatusOr<Found> CheckedRecord(std::uint64_t position, std::uint64_t size, const Digest& root);
  // As Find, in the first `size` records, whose root is `root`.
  absl::StatusOr<Found> FindWithin(const Digest& id, std::uint64_t size, const Digest& root);
  MerkleLog::ReadTile ReadTile();

  LedgerDatabase& database_;
  StateMachine& machine_;
};

}  // namespace giot::ledger
