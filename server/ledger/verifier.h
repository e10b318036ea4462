#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "server/ledger/proof/checkpoint.h"

namespace giot::ledger {

// What a ledger's file proves.
struct Verified {
  std::string chain_id;
  std::uint64_t transactions = 0;  // Logged; `failed` of them with another code than OK.
  std::uint64_t failed = 0;
  std::uint64_t blocks = 0;
  std::int64_t minted = 0;  // Micro-units.
  std::int64_t withdrawn = 0;
  Checkpoint checkpoint;
};

// Recomputes everything from the log: every signature, code, block, entry, tile, both roots, the app
// hash and, entry by entry, the invariants; and compares it with what the file says, and with the heads file
// beside it, if there is one. Trusts nothing that the writer stored but the records, and those only because their
// root is in the checkpoint that `key` signed. `earlier`, a note that someone kept, must be consistent with it. Reads
// only; a file that a server has open is refused. Verifies signatures on `threads` threads, at least one.
// DataLoss naming the first table and row that does not fit; InvalidArgument if `earlier` is no checkpoint that `key`
// signed; FailedPrecondition (in use, format version), NotFound, Unavailable. `giotctl ledger verify` is this.
absl::StatusOr<Verified> VerifyLedger(const std::filesystem::path& path, const VerifierKey& key,
                                      const std::optional<std::string>& earlier, int threads);

}  // namespace giot::ledger
