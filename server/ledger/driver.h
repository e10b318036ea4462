#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "giot/ledger/v1/ledger.pb.h"
#include "server/ledger/proof/receipt.h"
#include "server/ledger/proof/state_proof.h"

namespace giot::ledger {

// Where a transaction is, for good.
struct Placed {
  Digest id{};
  std::uint64_t position = 0;  // In the log.
  std::uint64_t height = 0;
  v1::Code code = v1::CODE_OK;
  bool repeated = false;  // It was there before this call.
};

// What the ledger is, whoever keeps it: one file, or validators that distrust each other.
// Thread-safe; everything may be called from any thread, gRPC's too, and nothing but Submit's
// callback runs later than the call. Errors of all: Unavailable if the ledger is stopped, its
// reason in the message (disk full, I/O, closing, no quorum); DataLoss if it found itself
// altered: it then signs nothing any more.
class Driver {
 public:
  using Done = std::function<void(absl::StatusOr<Placed>)>;

  virtual ~Driver() = default;

  virtual const std::string& chain_id() const = 0;

  // Has the transaction put into a block; `done` is called once, from a thread of the driver (or
  // before Submit returns), when its place is durable, and must not block. A transaction that is
  // there already has its first place, whatever its code. Errors for `done`, with the name of the
  // code first in the message:
  //   InvalidArgument     fails checks 1 to 5 of FORMAT.md section 2, or 7; nothing is logged
  //   DeadlineExceeded    has expired (check 6)
  //   ResourceExhausted   too many wait
  //   Aborted             it is unknown whether it will be placed (engine gone): ask Find later
  // A rule that refuses it is no error: it is placed, with its code.
  virtual void Submit(std::string envelope, Done done) = 0;

  // NotFound.
  virtual absl::StatusOr<Placed> Find(const Digest& id) = 0;

  // The value of a state entry (server/ledger/state/entries.h) as of the last durable block. NotFound.
  virtual absl::StatusOr<std::string> Read(std::string_view key) = 0;
  // Entries in order of keys from `from` on, while they start with `prefix`; at most `most`.
  virtual absl::StatusOr<std::vector<std::pair<std::string, std::string>>> Scan(std::string_view prefix,
                                                                                std::string_view from, int most) = 0;

  // Proofs against the newest checkpoint, verified before they are returned. Receipt: NotFound;
  // FailedPrecondition while no checkpoint holds it (CometBFT shows an app hash one block later).
  virtual absl::StatusOr<Receipt> ReceiptOf(const Digest& id) = 0;
  virtual absl::StatusOr<StateProofFile> Prove(std::string_view key) = 0;
  // OutOfRange if the log is shorter.
  virtual absl::StatusOr<ConsistencyProof> ProveConsistency(std::uint64_t old_size) = 0;
  // The newest signed checkpoint. NotFound before the first.
  virtual absl::StatusOr<std::string> LatestCheckpoint() = 0;

  // The time of the last block, microseconds: what deadlines are compared with.
  virtual std::int64_t BlockTimeUs() = 0;

  // Writes a snapshot to a new file while the ledger runs, in the embedded driver's format.
  // AlreadyExists.
  virtual absl::Status Export(const std::filesystem::path& path) = 0;
};

}  // namespace giot::ledger
