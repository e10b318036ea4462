#include "tests/server/ledger/open_ledger.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/ledger/recovery.h"
#include "tests/server/ledger/test_chain.h"

namespace giot::ledger {

absl::StatusOr<std::unique_ptr<OpenLedger>> OpenLedger::Open(const std::filesystem::path& path, const char* vfs) {
  absl::StatusOr<LedgerDatabase> database = LedgerDatabase::Open(path, LedgerDatabase::Access::kWrite, kChainId, vfs);
  if (!database.ok()) return database.status();
  const absl::StatusOr<std::uint64_t> size = database->Size();
  if (!size.ok()) return size.status();
  if (*size == 0) return absl::FailedPreconditionError("no block");
  absl::StatusOr<HeadsFile> heads = HeadsFile::Open(path.string() + ".heads", HeadsFile::Access::kOpen, vfs);
  if (!heads.ok()) return heads.status();
  absl::StatusOr<StateMachine> machine = Recover(*database, heads->head(), {CheckpointVerifier()});
  if (!machine.ok()) return machine.status();
  return std::unique_ptr<OpenLedger>(new OpenLedger{*std::move(database), *std::move(heads), *std::move(machine)});
}

absl::Status OpenLedger::Holds(const Acknowledged& acknowledged) {
  Answers answers(database, machine);
  for (const auto& [id, position] : acknowledged) {
    const absl::StatusOr<Placed> placed = answers.Find(id);
    if (!placed.ok()) return placed.status();
    if (placed->position != position) {
      return absl::DataLossError(absl::StrCat("acknowledged at ", position, ", found at ", placed->position));
    }
  }
  return absl::OkStatus();
}

absl::Status OpenLedger::Append(const std::string& envelope) {
  machine.Begin(machine.height() + 1, machine.time_us());
  machine.Apply(OpenTransaction(kChainId, envelope));
  machine.End();
  const Checkpoint checkpoint{.origin = std::string(kChainId),
                              .size = machine.log().size(),
                              .root = machine.log().Root(),
                              .height = machine.height(),
                              .app_hash = machine.app_hash()};
  if (absl::Status committed = database.Commit(machine, SignCheckpoint(checkpoint, CheckpointKey())); !committed.ok()) {
    return committed;
  }
  return heads.Write({.size = checkpoint.size,
                      .height = checkpoint.height,
                      .log_root = checkpoint.root,
                      .app_hash = checkpoint.app_hash});
}

int CountFrom(const char* variable, int usual) {
  const char* const value = std::getenv(variable);
  return value != nullptr ? std::max(1, std::atoi(value)) : usual;
}

}  // namespace giot::ledger
