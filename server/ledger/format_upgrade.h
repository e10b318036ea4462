#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <vector>

#include "absl/status/status.h"
#include "server/ledger/proof/signed_note.h"
#include "server/ledger/sqlite_connection.h"

namespace giot::ledger {

// What makes a file of format version `from` one of version `from` + 1, by statements alone, within a transaction
// that it neither begins nor ends. It moves what is stored and leaves what is signed: records and entries stay as they
// are.
struct FormatStep {
  std::int64_t from = 0;
  std::function<absl::Status(SqliteConnection& connection)> change;
};

// All steps up to this program's version: none, since version 1 is the first.
const std::vector<FormatStep>& FormatSteps();

// Brings a ledger's file that nobody has open to this program's format version, in one transaction; OK if it has that
// already. The upgraded tables are recovered (recovery.h) against the checkpoint that was signed before, and the heads
// file if there is one, before the transaction is committed: after an error the file is as it was. NotFound;
// FailedPrecondition if another process has it, its version is newer or has no step; DataLoss if it is no ledger, or
// does not hold what was signed any more; Unavailable; errors of the steps. `vfs` null: SQLite's default.
absl::Status UpgradeFormat(const std::filesystem::path& path, const std::vector<VerifierKey>& keys,
                           const std::vector<FormatStep>& steps, const char* vfs);

}  // namespace giot::ledger
